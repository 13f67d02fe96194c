"""What a look at the connection found, step by step: plain values, words are elsewhere."""

from dataclasses import dataclass
from typing import Literal

Stage = Literal["name", "way", "connect", "tls", "answer", "identity", "clock"]
STAGES: tuple[Stage, ...] = ("name", "way", "connect", "tls", "answer", "identity", "clock")

Wrong = Literal[
    "name_unknown",
    "no_way",
    "unreachable",
    "proxy_asks",
    "proxy_way_unknown",
    "line_untrusted",
    "clock_wrong",
    "portal",
    "server_fault",
    "busy",
    "nonsense",
    "untrusted_platform",
    "demo_platform",
    "clock_off",
]

CLOCK_SLACK_S = 60.0
"""A PC's clock that is off by less is nobody's trouble: study time is counted by the platform."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One step. wrong: "" where it went well. detail: a host, a proxy, a kind of error; never a
    name or a password. seconds: how far the clock is ahead.
    """

    stage: Stage
    wrong: Wrong | Literal[""] = ""
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Examined:
    """address: scheme and host that was looked at. Steps after the first that failed are not
    there, but for a clock that is off: one can study with that.
    """

    address: str
    findings: tuple[Finding, ...]

    @property
    def asks(self) -> str:
        """The proxy that wants a name and password, host:port; "" for none."""
        found = next((each for each in self.findings if each.wrong == "proxy_asks"), None)
        return found.detail.partition(" ")[0] if found is not None else ""

    @property
    def well(self) -> bool:
        return all(not each.wrong or each.wrong == "clock_off" for each in self.findings)


def judged(
    address: str,
    before: tuple[Finding, ...],
    *,
    told_sha256: str,
    trusted_sha256: str,
    demo: bool,
    production: bool,
    clock_off_s: float | None,
) -> Examined:
    """The last two steps, from what the platform said of itself.

    told_sha256: of the certificate that it says it has; the proof of it is the signed grant at
    sign-in. trusted_sha256: "" where this PC has no platform certificate yet.
    """
    identity = Finding("identity")
    if trusted_sha256 and told_sha256 != trusted_sha256:
        identity = Finding("identity", "untrusted_platform", told_sha256[:16])
    elif demo and production:
        identity = Finding("identity", "demo_platform")
    off_s = clock_off_s or 0.0
    wrong: Wrong | Literal[""] = "clock_off" if abs(off_s) > CLOCK_SLACK_S else ""
    return Examined(address, (*before, identity, Finding("clock", wrong, seconds=off_s)))
