"""The whole story, told by the real program, compared with the platform's own database."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sync import facts, records
from sync.contract import LessonCredit
from sync.verify import verify
from tests.journeys.ask import courses_of

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    code: int
    said: str
    report: dict[str, Any]
    data: Path


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """One rehearsal for all the tests here: it takes minutes."""
    out, data = tmp_path_factory.mktemp("out"), tmp_path_factory.mktemp("data")
    done = subprocess.run(
        [sys.executable, "main.py", "demo", "--auto", "--out", str(out), "--data", str(data)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=420,
        check=False,
    )
    report = out / "report.json"
    assert report.exists(), done.stdout + done.stderr
    return Rehearsed(done.returncode, done.stdout, json.loads(report.read_text("utf-8")), data)


@pytest.fixture(scope="module")
def stated(rehearsed: Rehearsed) -> list[facts.Fact]:
    """Every fact in the platform's database, in the order of its chains."""
    with sqlite3.connect(rehearsed.data / "platform" / "platform.sqlite3") as database:
        rows = database.execute(
            "SELECT r.body FROM record r JOIN chain c ON c.id = r.chain ORDER BY c.opened_at, r.seq"
        ).fetchall()
    return [records.decode(bytes(row[0])).fact for row in rows]


pytestmark = [pytest.mark.slow, pytest.mark.course, pytest.mark.models]


def test_it_ends_well(rehearsed: Rehearsed) -> None:
    assert rehearsed.report.get("problem") is None, rehearsed.said
    assert rehearsed.report["ok"] is True
    assert rehearsed.code == 0


def test_the_reports_records_are_the_platforms(
    rehearsed: Rehearsed, stated: list[facts.Fact]
) -> None:
    assert rehearsed.report["records"] == len(stated)
    watched = sum(fact.end_us - fact.start_us for fact in stated if isinstance(fact, facts.Watched))
    assert rehearsed.report["watched_s"] == pytest.approx(watched / 1e6)


def test_the_reports_checks_are_the_platforms(
    rehearsed: Rehearsed, stated: list[facts.Fact]
) -> None:
    last: dict[str, facts.CheckAttempted] = {}
    for fact in stated:
        if isinstance(fact, facts.CheckAttempted):
            last[fact.check] = fact
    told = [(check["passed"], check["actions"]) for check in rehearsed.report["checks"]]
    assert told == [(fact.passed, list(fact.actions)) for fact in last.values()]
    assert sum(passed for passed, _ in told) >= 2
    assert sum(not passed for passed, _ in told) == 1


def test_a_living_person_was_proved_before_each_run(stated: list[facts.Fact]) -> None:
    proved = [fact for fact in stated if isinstance(fact, facts.IdentityConfirmed)]
    assert len(proved) == 2
    assert all(len(fact.actions) == 2 and fact.attempts >= 1 for fact in proved)


def test_the_platform_has_every_picture_that_is_on_record_and_none_is_left_here(
    rehearsed: Rehearsed, stated: list[facts.Fact]
) -> None:
    taken = [fact for fact in stated if isinstance(fact, facts.SnapshotTaken)]
    assert rehearsed.report["pictures"] == len(taken) > len(rehearsed.report["checks"])
    with sqlite3.connect(rehearsed.data / "platform" / "platform.sqlite3") as database:
        kept = database.execute("SELECT sha256, length(sealed) FROM evidence").fetchall()
    assert dict(kept) == {fact.sha256: fact.size_bytes for fact in taken}
    checks = {fact.of_check for fact in taken if fact.why == "check"}
    assert checks == {fact.check for fact in stated if isinstance(fact, facts.CheckIssued)}
    assert rehearsed.report["appeal"].startswith("A-")


def test_the_credit_is_what_the_platform_says_again_later(rehearsed: Rehearsed) -> None:
    credit = list(credit_now(rehearsed))
    assert rehearsed.report["credited_s"] == pytest.approx(
        sum(each.credited_s for each in credit), abs=0.001
    )
    lost: dict[str, float] = {}
    for each in credit:
        for span in each.lost:
            lost[span.reason] = lost.get(span.reason, 0.0) + span.end_s - span.start_s
    told = {row["reason"]: row["seconds"] for row in rehearsed.report["not_counted"]}
    assert told == pytest.approx(lost, abs=0.001)
    assert told["check_failed"] > 15


def test_nothing_is_credited_twice_and_nothing_beyond_what_was_watched(
    rehearsed: Rehearsed,
) -> None:
    report = rehearsed.report
    lost = sum(row["seconds"] for row in report["not_counted"])
    assert report["credited_s"] + lost == pytest.approx(report["watched_s"], abs=0.5)


def test_leaving_stops_the_film_at_once(rehearsed: Rehearsed) -> None:
    pauses = {pause["reason"]: pause for pause in rehearsed.report["pauses"]}
    assert {"unfocused", "minimised", "check"} <= pauses.keys()
    assert all(pause["latency_ms"] >= 0 for pause in pauses.values())


def test_changing_the_picture_loses_no_film(rehearsed: Rehearsed) -> None:
    changes = rehearsed.report["mode_changes"]
    assert len(changes) >= 2
    assert all(abs(change["position_error_ms"]) < 20 for change in changes)


def test_the_screens_are_there(rehearsed: Rehearsed) -> None:
    screens = [Path(screen) for screen in rehearsed.report["screens"]]
    assert len(screens) >= 15
    assert all(screen.read_bytes().startswith(b"\x89PNG") for screen in screens)


def test_no_face_and_no_password_is_left_on_the_disk(rehearsed: Rehearsed) -> None:
    kept = [path for path in (rehearsed.data / "data").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        content = path.read_bytes()
        assert b"anxue-demo" not in content
        assert not content.startswith((b"\xff\xd8", b"\x89PNG"))


def test_any_changed_byte_of_the_export_is_found_and_located(rehearsed: Rehearsed) -> None:
    """The 2,000 of a made-up bundle are in tests/unit; here it is the real one."""
    certificate = (rehearsed.data / "platform" / "platform.pem").read_text("ascii")
    bundle = Path(rehearsed.report["export"]).read_bytes()
    assert verify(bundle, certificate).ok
    chance = random.Random(20261123)
    for _ in range(150):
        place, bit = chance.randrange(len(bundle)), 1 << chance.randrange(8)
        changed = bytearray(bundle)
        changed[place] ^= bit
        faults = verify(bytes(changed), certificate).faults
        assert faults, f"byte {place}"


def credit_now(rehearsed: Rehearsed) -> Iterator[LessonCredit]:
    """Start the platform on the same data once more, and ask it."""
    for course in courses_of(rehearsed.data / "platform"):
        for lesson in course.lessons:
            yield lesson.credit
