"""Answers as they must be: the message of a 200, the Problem of a refusal, or Missing."""

from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from sync.contract import Problem

ModelT = TypeVar("ModelT", bound=BaseModel)


class Missing(Exception):  # noqa: N818 (a finding, not a fault of ours)
    """The server does not do what is promised: what it did, and what it should have done."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese = chinese
        self.english = english


def expect(holds: object, chinese: str, english: str) -> None:
    """Raises Missing unless it holds."""
    if not holds:
        raise Missing(chinese, english)


def told(answer: httpx.Response) -> str:
    """An answer in a few words, without what may be secret in it."""
    request = answer.request
    kind = answer.headers.get("content-type", "-").partition(";")[0]
    code = _code(answer)
    said = f"{answer.status_code} {code or kind}"
    return f"{request.method} {request.url.path}: {said}"


def good(answer: httpx.Response, model: type[ModelT]) -> ModelT:
    """The message of an answer that must be 200. Raises Missing."""
    if answer.status_code != 200:
        raise Missing(f"应答 200，得到 {told(answer)}", f"expected 200, got {told(answer)}")
    try:
        return model.model_validate_json(answer.content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "JSON"
        path = answer.request.url.path
        raise Missing(
            f"{path} 的答复不合 {model.__name__}：{place}：{first['msg']}",
            f"the answer of {path} is no {model.__name__}: {place}: {first['msg']}",
        ) from error


def problem(answer: httpx.Response, status: int, *codes: str) -> Problem:
    """The Problem of an answer that must be one, with one of the codes. Raises Missing."""
    wanted = f"{status} {'/'.join(codes)}"
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if answer.status_code != status or kind != "application/json" or _code(answer) not in codes:
        raise Missing(
            f"应答 {wanted}，得到 {told(answer)}", f"expected {wanted}, got {told(answer)}"
        )
    return Problem.model_validate_json(answer.content)


def _code(answer: httpx.Response) -> str:
    try:
        return Problem.model_validate_json(answer.content).code
    except ValidationError:
        return ""
