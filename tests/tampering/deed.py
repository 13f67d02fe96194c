"""A deed: one way to tamper, how often it is tried, and what may come of it.

A try says who found it ("client", "platform", "auditor") or, where nobody did, the reason
for which it did no harm, after having checked that reason. Anything else raises UnseenError.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

SceneT = TypeVar("SceneT")
FINDERS = ("client", "platform", "auditor")

CLIENT = "the client refuses it"
PLATFORM = "the platform refuses it, and keeps nothing of it"
AUDITOR = "`verify` finds it"

SAME_ANSWER = "the platform's answer and what it keeps are those of the undisturbed request"
SAME_STORE = "what the store exports and sends is byte for byte the undisturbed"
SAME_CERTIFICATE = "the certificate that is read is the same one"
SENT_AGAIN = "the receipt covers fewer records, so that the client sends the rest again"
SENT_TWICE = "the platform has those records already and takes them as what they are"
SHORTER = "an export that verifies and ends earlier; the platform has what it receipted"
NEVER_SENT = (
    "what is sent is the undisturbed without its end: as if the newest records had not been"
    " written, which nobody can see (below)"
)


class UnseenError(AssertionError):
    """Something was changed, nobody saw it, and it was not harmless."""


@dataclass(frozen=True)
class Deed(Generic[SceneT]):
    """what: for the table. count: tries. found, harmless: all that may come of one."""

    where: str
    what: str
    count: int
    attempt: Callable[[SceneT, random.Random], str]
    found: tuple[str, ...]
    harmless: tuple[str, ...] = ()

    def play(self, scene: SceneT, seed: int) -> dict[str, int]:
        """Try it `count` times; how often what came of it. Raises UnseenError."""
        drawn = random.Random(f"{self.where}/{self.what}/{seed}")
        seen: dict[str, int] = {}
        for number in range(self.count):
            came = self.attempt(scene, drawn)
            if came not in (*self.found, *self.harmless):
                raise UnseenError(f"{self.where}: {self.what}, try {number}: {came}")
            seen[came] = seen.get(came, 0) + 1
        return seen


def flipped(data: bytes, drawn: random.Random) -> bytes:
    """One byte is another one."""
    place = drawn.randrange(len(data))
    changed = bytearray(data)
    changed[place] ^= drawn.randrange(1, 256)
    return bytes(changed)


def flipped_text(text: str, drawn: random.Random) -> str:
    """One character is another printable one."""
    place = drawn.randrange(len(text))
    other = drawn.choice([c for c in map(chr, range(33, 127)) if c != text[place]])
    return text[:place] + other + text[place + 1 :]
