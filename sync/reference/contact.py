"""No telephone number, mail address or messenger name is kept (requirement 14).

A statement can only hold what its fact holds, since its text is exactly what `encode`
would write; so the fact's texts are all that there is to look at.
"""

import re
from dataclasses import fields

from sync.facts import Fact

_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9A-Za-z])"
    r"|[\w.+-]+@[\w-]+\.\w+"
    r"|\b(?:mailto|tel|wechat|weixin|qq):",
    re.IGNORECASE,
)
_WORDS = re.compile("微信|手机号|電話|电话")


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
    for field in fields(fact):
        value = getattr(fact, field.name)
        texts = value if isinstance(value, tuple) else (value,)
        looks = has_address if field.name in DEVICES else has_contact
        if any(isinstance(text, str) and looks(text) for text in texts):
            return field.name
    return None
