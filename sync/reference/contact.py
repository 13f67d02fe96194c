"""No telephone number, mail address or messenger name is kept (requirement 14).

A statement can only hold what its fact holds, since its text is exactly what `encode`
would write; so the fact's texts are all that there is to look at.
"""

import re
from dataclasses import fields

from sync.facts import Fact
from sync.vocabulary import KINDS

_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9A-Za-z])"
    r"|[\w.+-]+@[\w-]+\.\w+"
    r"|\b(?:mailto|tel|wechat|weixin|qq):",
    re.IGNORECASE,
)
_WORDS = re.compile("微信|手机号|電話|电话")


_NAMES = {kind.fact: tuple(field.name for field in fields(kind.fact)) for kind in KINDS}
DEVICES = frozenset({"camera", "system"})


def has_address(text: str) -> bool:
    """Whether a number, a mail address or an account stands in it."""
    return _ADDRESS.search(text) is not None


def has_contact(text: str) -> bool:
    """The same, or a word that announces one."""
    return has_address(text) or _WORDS.search(text) is not None


def contact_field(fact: Fact) -> str | None:
    """The name of a field that holds contact data, or None.

    A device's name may say what it was made for (视频会议电话), so that only what could be
    a number or an address counts in it.
    """
    told = [(name, text) for name in _NAMES[type(fact)] for text in _texts(getattr(fact, name))]
    # A line break joins no two texts to a number or an address: one look at all is enough.
    if not has_contact("\n".join([text for _, text in told])):
        return None
    for name, text in told:
        if has_address(text) if name in DEVICES else has_contact(text):
            return name
    return None


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()
