"""Plays the story in the running program, and writes the report about what happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.ui.rehearsal.hands import Hands, NotThereError
from app.ui.rehearsal.observer import Observer
from app.ui.rehearsal.story import Wait
from sync.contract import LessonCredit

LOOK_MS = 40


class Driver(QObject):
    """Advances a story; `finished("")` at its end, `finished(what went wrong)` otherwise."""

    finished = Signal(str)

    def __init__(self, story: Iterator[Wait], hands: Hands, clock_s: Callable[[], float]) -> None:
        super().__init__()
        self._story = story
        self._hands = hands
        self._clock_s = clock_s
        self._wait: Wait | None = None
        self._since_s = 0.0
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        self._timer.start()

    def _look(self) -> None:
        wait = self._wait
        if wait is not None and not wait.until():
            if self._clock_s() - self._since_s > wait.seconds:
                self._end(f"waited {wait.seconds:.0f} s for {wait.what}")
            return
        try:
            self._wait = next(self._story)
            self._since_s = self._clock_s()
        except StopIteration:
            self._end("")
        except NotThereError as missing:
            self._end(f"nothing to use: {missing}")

    def _end(self, problem: str) -> None:
        self._timer.stop()
        if problem:
            self._hands.look("where-it-stopped")
        self.finished.emit(problem)


def report(
    observer: Observer,
    credit: Mapping[str, LessonCredit],
    *,
    export: str,
    verified: bool,
    screens: list[str],
    seconds: float,
    problem: str,
) -> dict[str, object]:
    """What was measured, in the form that issue 3 gives; `problem` only if there was one."""
    lost: dict[str, float] = {}
    for each in credit.values():
        for span in each.lost:
            lost[span.reason] = lost.get(span.reason, 0.0) + span.end_s - span.start_s
    ok = not problem and verified and _as_the_story_wants(observer, credit)
    result: dict[str, object] = {
        "ok": ok,
        "watched_s": observer.watched_us / 1e6,
        "credited_s": sum(each.credited_s for each in credit.values()),
        "not_counted": [{"reason": k, "seconds": v} for k, v in sorted(lost.items())],
        "checks": [asdict(each) for each in observer.checks],
        "pauses": observer.pauses_json(),
        "mode_changes": [each.as_json() for each in observer.mode_changes],
        "records": observer.records,
        "pictures": observer.pictures,
        "appeal": observer.appeal,
        "export": export,
        "verified": verified,
        "screens": screens,
        "seconds": seconds,
    }
    if problem:
        result["problem"] = problem
    return result


def _as_the_story_wants(observer: Observer, credit: Mapping[str, LessonCredit]) -> bool:
    """Two checks passed, one failed, its time not counted, an appeal; all of the lesson counts.

    Each check has its picture, and there is one more before each.
    """
    passed = sum(check.passed for check in observer.checks)
    failed = len(observer.checks) - passed
    reasons = {pause.reason for pause in observer.pauses}
    return (
        passed >= 2
        and failed == 1
        and {"unfocused", "minimised", "check"} <= reasons
        and len(observer.mode_changes) >= 2
        and observer.pictures > len(observer.checks)
        and bool(observer.appeal)
        and any(each.completed for each in credit.values())
        and any(span.reason == "check_failed" for each in credit.values() for span in each.lost)
    )


def write(result: Mapping[str, object], out: Path) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    path = out / "report.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    return path
