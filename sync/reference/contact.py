"""No telephone number, mail address or messenger name is kept (requirement 14).

A statement can only hold what its fact holds, since its text is exactly what `encode`
would write; so the fact's texts are all that there is to look at.
"""

import re
from dataclasses import fields

from sync.facts import Fact

_CONTACT = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9A-Za-z])"
    r"|[\w.+-]+@[\w-]+\.\w+"
    r"|\b(?:mailto|tel|wechat|weixin|qq):"
    r"|微信|手机号|電話|电话",
    re.IGNORECASE,
)


def has_contact(text: str) -> bool:
    return _CONTACT.search(text) is not None


def contact_field(fact: Fact) -> str | None:
    """The name of a field that holds contact data, or None."""
    for field in fields(fact):
        value = getattr(fact, field.name)
        texts = value if isinstance(value, tuple) else (value,)
        if any(isinstance(text, str) and has_contact(text) for text in texts):
            return field.name
    return None
