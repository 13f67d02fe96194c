"""All deeds, and the table of docs/records.md that is made of them."""

from collections.abc import Iterable
from typing import Any

from tests.tampering import answers, bundles, requests, stores
from tests.tampering.deed import AUDITOR, CLIENT, PLATFORM, Deed

HEAD = """| what | tampered with how | tries | found by | or harmless, because |
|---|---|--:|---|---|
"""
FINDERS = {"client": CLIENT, "platform": PLATFORM, "auditor": AUDITOR}


def all_deeds() -> tuple[Deed[Any], ...]:
    return (
        *stores.DEEDS,
        *bundles.DEEDS,
        *requests.DEEDS,
        *requests.PICTURES,
        *answers.DEEDS,
    )


def tries(deeds: Iterable[Deed[Any]]) -> int:
    return sum(deed.count for deed in deeds)


def table() -> str:
    """The table, with what may come of each deed, and its sum."""
    deeds = all_deeds()
    lines = [
        f"| {deed.where} | {deed.what} | {deed.count} | {', '.join(deed.found) or '—'} "
        f"| {'; '.join(deed.harmless) or '—'} |\n"
        for deed in deeds
    ]
    named = "; ".join(f"{name}: {words}" for name, words in FINDERS.items())
    return f"{HEAD}{''.join(lines)}\n{tries(deeds)} tries in all. Found by: {named}.\n"
