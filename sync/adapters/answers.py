"""What an answer of HTTP means: a value of the contract, a refusal, or nothing of ours."""

from typing import TypeVar

from pydantic import ValidationError

from sync import strictjson
from sync.adapters.line import date_of, looks_like_a_page, seconds_of
from sync.contract import Message, Problem
from sync.ports import NonsenseError, PortalError, RefusedError, ServerFaultError

LONGEST_RETRY_S = 3600.0
"""However long a server asks to be left alone; 10⁹ seconds would silence a client for ever."""

AnswerT = TypeVar("AnswerT", bound=Message)


def refuse_portal(status: int, body: bytes, answered: dict[str, str]) -> None:
    """A network that wants a sign-in answers in the platform's place: 511, away, or with a page.

    Raises PortalError.
    """
    page = status == 200 and looks_like_a_page(answered, body)
    if status == 511 or status in (301, 302, 303, 307, 308) or page:
        raise PortalError(f"status {status}: not the platform's")


def answer_of(status: int, body: bytes, answered: dict[str, str], model: type[AnswerT]) -> AnswerT:
    if status in {200, 201}:
        return parse(body, model)
    raise refusal(status, body, answered)


def parse(body: bytes, model: type[AnswerT]) -> AnswerT:
    try:
        return model.model_validate(strictjson.loads(body))
    except strictjson.JsonError as error:
        raise NonsenseError(f"not JSON: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise NonsenseError(f"{model.__name__}.{place}: {first['msg']}") from error


def refusal(
    status: int, body: bytes, answered: dict[str, str]
) -> RefusedError | ServerFaultError | NonsenseError:
    """What an answer other than success means."""
    try:
        problem = parse(body, Problem)
    except NonsenseError:
        if status >= 500 or status in (408, 425, 429):
            return ServerFaultError(status, _retry_after_s(answered))
        if status == 413:
            return RefusedError("too_large", "a proxy's limit")
        return NonsenseError(f"status {status} without a problem of ours")
    if status >= 500 or status == 429:
        return ServerFaultError(status, _retry_after_s(answered))
    if status < 400:
        return NonsenseError(f"status {status}")
    return RefusedError(problem.code, problem.detail, problem.seq)


def _retry_after_s(answered: dict[str, str]) -> float:
    """`Retry-After` in either form, seconds; a date counts from the answer's own `Date`."""
    text = answered.get("retry-after", "")
    if text.isdecimal() and text.isascii():
        asked_s = float(text) if len(text) < 12 else LONGEST_RETRY_S
    else:
        until_s, now_s = seconds_of(text), date_of(answered)
        asked_s = until_s - now_s if until_s is not None and now_s is not None else 0.0
    return min(LONGEST_RETRY_S, max(0.0, asked_s))
