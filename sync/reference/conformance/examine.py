"""All promises in order, tried one after the other on a line.

    for result in examine(line): …

The list is one: `main.py platform check` and tests/contract both go through it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import httpx

from sync.reference.conformance import counting, keeping, manners, people, showing, signing_in
from sync.reference.conformance.answers import Missing
from sync.reference.conformance.line import Line
from sync.reference.conformance.promise import Check, NotExamined
from sync.session import MistrustError

PROMISES: tuple[Check, ...] = (
    *signing_in.CHECKS,
    *keeping.CHECKS,
    *counting.CHECKS,
    *people.CHECKS,
    *showing.CHECKS,
    *manners.CHECKS,  # about all that was heard before
)
State = Literal["kept", "broken", "not_examined"]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one promise; the words are empty where it was kept."""

    check: Check
    state: State
    chinese: str = ""
    english: str = ""


def examine(line: Line, checks: Iterable[Check] = PROMISES) -> Iterator[Result]:
    """Try each promise. One that is broken hinders no other."""
    for check in checks:
        yield try_one(line, check)


def try_one(line: Line, check: Check) -> Result:
    try:
        check.run(line)
    except Missing as missing:
        return Result(check, "broken", missing.chinese, missing.english)
    except NotExamined as lacking:
        return Result(check, "not_examined", lacking.chinese, lacking.english)
    except httpx.HTTPError as error:
        told = str(error) or type(error).__name__
        return Result(check, "broken", f"没有应答：{told}", f"no answer: {told}")
    except MistrustError as error:
        return Result(check, "broken", f"登录答复不可信：{error}", f"the sign-in: {error}")
    except ValueError as error:  # the words of seal, chain, trust, records
        return Result(check, "broken", f"不合约定：{error}", f"not as promised: {error}")
    return Result(check, "kept")
