"""Refusals, and how every one of them becomes a `Problem` of the contract.

Whatever goes wrong, a client gets JSON of one shape: also for a path that does not exist,
a method that is not allowed, a body that is no message and a fault of the platform.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from sync.contract import Problem, ProblemCode
from sync.reference import seen

_STATUS: dict[ProblemCode, int] = {
    "invalid": 422,
    "wrong_password": 401,
    "signed_out": 401,
    "forbidden": 403,
    "not_found": 404,
    "gap": 409,
    "fork": 409,
    "closed": 409,
    "taken_over": 409,
    "bad_mac": 422,
    "bad_seal": 422,
    "too_large": 413,
    "too_many": 429,
    "unavailable": 503,
}


RETRY_AFTER_S = 5  # of a platform that is not ready; clients spread themselves around it
_ALWAYS: dict[int, str] = {
    401: "WWW-Authenticate",
    429: "Retry-After",
    503: "Retry-After",
}


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not a fault of ours)
    """The platform says no. Raised, or returned where what led to it must still be stored."""

    def __init__(
        self,
        code: ProblemCode,
        detail: str,
        *,
        seq: int | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.problem = Problem(code=code, detail=detail, seq=seq)
        self.status = status or _STATUS[code]
        self.headers = dict(headers or {})
        if self.status == 401:
            self.headers.setdefault("WWW-Authenticate", "Bearer")
        if self.status == 503:
            self.headers.setdefault("Retry-After", str(RETRY_AFTER_S))

    def response(self) -> JSONResponse:
        seen.refusal(self.problem.code)
        content = self.problem.model_dump(mode="json", exclude_none=True)
        return JSONResponse(content, self.status, self.headers)


def documented(*codes: ProblemCode) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the problems that it can answer with."""
    by_status: dict[int, list[str]] = {}
    for code in ("invalid", "too_large", "too_many", "unavailable", *codes):
        by_status.setdefault(_STATUS[code], []).append(code)
    by_status[415] = ["invalid"]  # another Content-Encoding, or another kind of picture
    return {
        status: {
            "model": Problem,
            "description": f"{HTTPStatus(status).phrase}: {', '.join(sorted(set(names)))}",
            **_headers(status),
        }
        for status, names in sorted(by_status.items())
    }


def _headers(status: int) -> dict[str, Any]:
    """What such an answer always says in a header."""
    if status not in _ALWAYS:
        return {}
    about = "whole seconds" if _ALWAYS[status] == "Retry-After" else "Bearer"
    told = {"required": True, "schema": {"type": "string"}, "description": about}
    return {"headers": {_ALWAYS[status]: told}}


def install(app: FastAPI) -> None:
    """Make every error answer of the application a Problem."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)


def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return error.response()


def _malformed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Never the input itself: it may hold a password or a face.
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return Refusal("invalid", f"{place}: {first['msg']}").response()


def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code: ProblemCode = "not_found" if error.status_code == 404 else "invalid"
    # A body that is not even text is as invalid as any other: the contract has no 400.
    status = 422 if error.status_code == 400 else error.status_code
    return Refusal(code, error.detail, status=status, headers=error.headers).response()


def _fault(_request: Request, error: Exception) -> Response:
    # Only where nothing watches the door (`sync.reference.watch`), which tells it first.
    seen.fault(error)
    return Refusal("unavailable", "the platform failed; try again later", status=500).response()
