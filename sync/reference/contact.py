"""No telephone number, mail address or messenger name is kept (requirement 14).

A statement can only hold what its fact holds, since its text is exactly what `encode`
would write; so the fact's texts are all that there is to look at.
"""

import re
from functools import lru_cache

from sync.facts import Fact, SettingChanged
from sync.slots import SLOTS
from sync.vocabulary import KINDS

_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9A-Za-z])"
    r"|[\w.+-]+@[\w-]+\.\w+"
    r"|\b(?:mailto|tel|wechat|weixin|qq):",
    re.IGNORECASE,
)
_WORDS = re.compile("微信|手机号|電話|电话")


_FREE = {
    kind.fact: tuple(
        (slot.name, slot.codec == "texts")
        for slot in SLOTS[kind.fact]
        if slot.codec in ("text", "texts")
    )
    for kind in KINDS
}
"""The fields of each fact that can hold any text, and whether it is several."""
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
    a number or an address counts in it; also where another camera was chosen.
    """
    free = _FREE[type(fact)]
    camera = isinstance(fact, SettingChanged) and fact.setting == "camera"
    told = [
        "\n".join(getattr(fact, name)) if several else getattr(fact, name) or ""
        for name, several in free
    ]
    # A line break joins no two texts to a number or an address: one look at all is enough.
    if not _has_contact("\n".join(told)):
        return None
    for (name, _), text in zip(free, told, strict=True):
        if has_address(text) if camera or name in DEVICES else has_contact(text):
            return name
    return None


# A lesson's and a rendition's names come again and again.
_has_contact = lru_cache(maxsize=8192)(has_contact)
