"""Everything that can go wrong in a way the learner has to know about.

A trouble is a name only: `app/texts.py` has its words (what happened, what it means for
the time, what to do) in both languages.
"""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    UNREACHABLE = "unreachable"
    SERVER_FAULT = "server_fault"
    NONSENSE = "nonsense"
    NAME_UNKNOWN = "name_unknown"
    NO_WAY = "no_way"
    BUSY = "busy"
    PORTAL = "portal"
    LINE_UNTRUSTED = "line_untrusted"
    CLOCK_WRONG = "clock_wrong"
    PROXY_ASKS = "proxy_asks"
    PROXY_WAY_UNKNOWN = "proxy_way_unknown"
    CLOCK_OFF = "clock_off"
    UNTRUSTED_PLATFORM = "untrusted_platform"
    DEMO_PLATFORM = "demo_platform"
    SIGNED_OUT = "signed_out"
    TAKEN_OVER = "taken_over"
    RECORDS_REFUSED = "records_refused"
    NO_CAMERA = "no_camera"
    CAMERA_BUSY = "camera_busy"
    CAMERA_DENIED = "camera_denied"
    CAMERA_LOST = "camera_lost"
    MODELS_MISSING = "models_missing"
    OTHER_PERSON = "other_person"
    UNSURE_PERSON = "unsure_person"
    CHECK_FAILED = "check_failed"
    IDLE = "idle"
    FILM_UNREACHABLE = "film_unreachable"
    FILM_MISSING = "film_missing"
    FILM_REFUSED = "film_refused"
    FILM_BROKEN = "film_broken"
    FILM_UNSUPPORTED = "film_unsupported"
    STORE_DAMAGED = "store_damaged"
    STORE_RESCUED = "store_rescued"
    STORE_FULL = "store_full"
    STORE_READ_ONLY = "store_read_only"
    STORE_LOCKED = "store_locked"
    NO_KEYRING = "no_keyring"
    KEY_NOT_KEPT = "key_not_kept"
    STORE_ELSEWHERE = "store_elsewhere"
    STORE_OTHER_KEY = "store_other_key"


@dataclass(frozen=True, slots=True)
class Report:
    """One trouble as it happened. `detail` goes to the log and diagnostics, never a name or face.

    seconds: how far off the clock is (CLOCK_OFF, CLOCK_WRONG; 0 where nobody knows), how long
    to wait (BUSY), how much time is not counted (CHECK_FAILED), how long until the sign-out
    (IDLE). records: how many were salvaged
    (STORE_RESCUED) or wait to be sent, or lie in a store that no key opens here
    (STORE_ELSEWHERE, STORE_OTHER_KEY). place: who asks (PROXY_ASKS), host:port.
    """

    trouble: Trouble
    detail: str = ""
    seconds: float = 0.0
    records: int = 0
    place: str = ""
