"""The catalogue of statements in `docs/records.md`, made from the code that writes them."""

from dataclasses import fields

from sync import facts
from sync.facts import Fact, Moment
from sync.records import Context, encode
from sync.vocabulary import ACTIVITY_TYPES, IN_CONTEXT, KINDS, LATER, NAMING, Kind, extension

EXAMPLES: tuple[Fact, ...] = (
    facts.SessionStarted(
        client_version="0.1.0",
        system="Windows 11 23H2",
        camera="Integrated Camera",
        signs=("virtual_machine",),
        previous_chain="c4f1d2",
        previous_head="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
    facts.ConsentGiven(version="2026-11", language="zh_CN"),
    facts.IdentityConfirmed(
        similarity=0.71,
        answer="same",
        seconds=2.4,
        actions=("turn_right", "open_mouth"),
        attempts=1,
        risk=0.04,
    ),
    facts.IdentityAttempted(
        attempt=1,
        passed=False,
        reason="no_turn",
        similarity=0.69,
        seconds=20.0,
        actions=("turn_right", "open_mouth"),
        risk=0.04,
    ),
    facts.SettingChanged(setting="mode", old="standard", new="high"),
    facts.LessonOpened(
        lesson="confined-1", position_us=0, duration_us=150_040_000, mode="standard"
    ),
    facts.Played(lesson="confined-1", position_us=0),
    facts.Paused(lesson="confined-1", position_us=41_240_000, reason="minimised"),
    facts.Watched(
        lesson="confined-1",
        start_us=0,
        end_us=41_240_000,
        began_ns=81_204_000_000_000,
        ended_ns=81_245_241_000_000,
        mode="standard",
    ),
    facts.Sought(lesson="confined-1", from_us=41_240_000, to_us=12_000_000),
    facts.ModeSwitched(
        lesson="confined-1", position_us=41_240_000, old="standard", new="high", gap_us=120_000
    ),
    facts.PictureQuality(
        lesson="confined-1",
        mode="high",
        frames=1024,
        dropped=6,
        late=2,
        stalls=1,
        stalled_ms=840,
        unseen_ms=0,
        sound="ok",
        sound_offset_ms=-12,
        bits_per_second=3_900_000,
    ),
    facts.CheckPlanned(
        check="c5a0b7.1",
        lesson="confined-1",
        seed_index=3,
        film_left_s=150.04,
        checked_in_film=False,
        after_s=63.512,
        actions=("turn_left", "blink"),
        since_s=21.4,
    ),
    facts.CheckIssued(
        check="c5a0b7.1", lesson="confined-1", position_us=63_520_000, watched_s=63.52
    ),
    facts.CheckAttempted(
        check="c5a0b7.1",
        lesson="confined-1",
        attempt=1,
        passed=True,
        reason="",
        similarity=0.68,
        seconds=5.2,
        actions=("turn_left", "blink"),
        risk=0.62,
        signs=("virtual_camera",),
    ),
    facts.CheckFailed(check="c5a0b7.2", lesson="confined-1", reason="other_person"),
    facts.PresenceChanged(lesson="confined-1", state="absent"),
    facts.SnapshotTaken(
        lesson="confined-1",
        why="check",
        sha256="3b7b1c0f9e6a4d52c8a1f0e4d3b2a19087f6e5d4c3b2a1908f7e6d5c4b3a2910",
        size_bytes=41_308,
        of_check="c5a0b7.1",
    ),
    facts.LessonFinished(lesson="confined-1", duration_us=150_040_000),
    facts.PaperOpened(
        paper="p81d0e2",
        lesson="confined-1",
        questions=5,
        seconds=300.0,
        attempts_left=5,
    ),
    facts.AnswersGiven(
        paper="p81d0e2",
        lesson="confined-1",
        answers=("confined-1-q1=0", "confined-1-q4=0,2"),
        seconds=131.5,
        in_time=True,
    ),
    facts.PaperGraded(
        paper="p81d0e2",
        lesson="confined-1",
        passed=True,
        score=80,
        attempts_left=4,
        wrong=("confined-1-q2",),
    ),
    facts.LessonClosed(lesson="confined-1", position_us=150_040_000),
    facts.SessionEnded(reason="learner"),
)
_MOMENT = Moment(mono_ns=81_245_241_000_000, wall="2026-11-23T08:21:07.412Z", beacon=3)
_CONTEXT = Context("https://platform.invalid", "l-20417", "c5a0b7", 12)


def catalogue() -> str:
    """Markdown: a table of all kinds, then each with its fields and its exact text."""
    by_fact = {type(example): example for example in EXAMPLES}
    lines = ["| fact | verb | states |", "|---|---|---|"]
    lines += [
        f"| [{kind.fact.__name__}](#{kind.fact.__name__.lower()}) | `{_short(kind.verb)}` "
        f"| {kind.meaning_en}（{kind.meaning_zh}） |"
        for kind in KINDS
    ]
    for kind in KINDS:
        lines += ["", *_section(kind, by_fact[kind.fact])]
    return "\n".join(lines) + "\n"


def _section(kind: Kind, example: Fact) -> list[str]:
    body = encode(example, _MOMENT, _CONTEXT).decode("utf-8")
    lines = [
        f"### {kind.fact.__name__}",
        "",
        f"Verb `{kind.verb}`, object of type `{ACTIVITY_TYPES[kind.subject]}`.",
        "",
    ]
    later = LATER.get(kind.fact, frozenset())
    for field in fields(kind.fact):
        unsaid = f"; not said where it is `{field.default}`" if field.name in later else ""
        lines.append(f"- `{field.name}`: {_place(field.name)}{unsaid}")
    return [*lines, "", "```json", body, "```"]


def _place(field: str) -> str:
    if field in NAMING:
        return f"the {NAMING[field]}'s activity id"
    if field == "passed":
        return "`result.success`"
    where = "context" if field in IN_CONTEXT else "result"
    return f"{where} extension `{extension(field)}`{_unit(field)}"


def _unit(field: str) -> str:
    if field.endswith("_us"):
        return ", seconds with microseconds"
    if field.endswith("_ns"):
        return ", nanoseconds as text"
    return ""


def _short(verb: str) -> str:
    return verb.rpartition("/")[2]
