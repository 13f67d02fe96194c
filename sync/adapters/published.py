"""A platform's published roots, fetched for `verify`: what anybody may ask, without a token."""

from collections.abc import Sequence
from typing import TypeVar

import requests
from pydantic import ValidationError

from sync import seal, strictjson
from sync.contract import API, Message
from sync.operations import ChainProofs, PublishedRoots, RootList

MAX_ANSWER = 4 * 1024 * 1024
MAX_PAGES = 100
_TIMEOUTS = (5.0, 30.0)
AnswerT = TypeVar("AnswerT", bound=Message)


class PublishedError(Exception):
    """The platform does not answer, or nonsense; the message says what."""


def fetch(session: requests.Session, url: str, chains: Sequence[str]) -> bytes:
    """All roots, and the proofs of these chains, as `sync.published.examine` reads them.

    url: the platform's, without `/v1`. Raises PublishedError. Nothing of it is believed here.
    """
    base = url.rstrip("/") + API
    roots: list[str] = []
    query = "?limit=500"
    for _ in range(MAX_PAGES):
        page = _get(session, f"{base}/roots{query}", RootList)
        assert page is not None
        roots += page.roots
        if page.next is None:
            break
        query = f"?limit=500&after={page.next}"
    proofs = (
        _get(session, f"{base}/chains/{chain}/proofs", ChainProofs, or_none=True)
        for chain in chains
    )
    told = PublishedRoots(roots=tuple(roots), proofs=tuple(each for each in proofs if each))
    return seal.canonical(told)


def _get(
    session: requests.Session, url: str, model: type[AnswerT], *, or_none: bool = False
) -> AnswerT | None:
    try:
        with session.get(url, timeout=_TIMEOUTS, allow_redirects=False, stream=True) as answer:
            body = b""
            for chunk in answer.iter_content(64 * 1024):
                body += chunk
                if len(body) > MAX_ANSWER:
                    raise PublishedError(f"{url}: more than {MAX_ANSWER} bytes")
    except (requests.RequestException, OSError) as error:
        raise PublishedError(f"{url}: {type(error).__name__}") from error
    if answer.status_code == 404 and or_none:
        return None
    if answer.status_code != 200:
        raise PublishedError(f"{url}: {answer.status_code}")
    try:
        return model.model_validate(strictjson.loads(body))
    except (strictjson.JsonError, ValidationError) as error:
        raise PublishedError(f"{url}: not an answer of a platform") from error
