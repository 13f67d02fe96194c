"""`anxue proctor-eval`: how the proctor judges recorded clips of living people and of attacks.

Every file in `DIR/<label>/…` is judged as a camera's stream would be; the label is `live` or
the name of an attack. Nothing leaves the PC, and no template is written down.
"""

from __future__ import annotations

import json
import os
import platform as machine
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap.evaluation_report import Entry, report, table
from proctor.clip import Note, Remark
from proctor.schedule import Rules

if TYPE_CHECKING:
    from proctor.adapters.examiner import Examiner


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The policy's, where the command names others than the presets."""

    accept: float | None = None
    alert: float | None = None
    review: float | None = None


def evaluate(folder: Path, answer: Path | None, thresholds: Thresholds | None = None) -> int:
    """Judge all clips below `folder` and write `answer`. 0: it ran, whatever it found."""
    from proctor.adapters.models import ModelError

    try:
        rules = _rules(thresholds or Thresholds())
    except ValueError as error:
        return _say(f"参数有误 · not possible: {error}", 2)
    if not folder.is_dir():
        return _say(f"没有这个文件夹 · no such folder: {folder}", 2)
    try:
        entries = _judge_all(folder, rules)
    except ModelError as error:
        return _say(f"人脸模型有问题 · the face models are not right: {error}", 1)
    found = _about() | report(entries, rules)
    sys.stdout.write(table(entries, found))
    if answer is None:
        return 0
    try:
        answer.parent.mkdir(parents=True, exist_ok=True)
        answer.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        return _say(f"无法写入 · cannot write: {error}", 1)
    sys.stdout.write(f"\n结果 · results: {answer}\n")
    return 0


def _rules(thresholds: Thresholds) -> Rules:
    presets = Rules()
    return Rules(
        match_accept=_given(thresholds.accept, presets.match_accept),
        match_alert=_given(thresholds.alert, presets.match_alert),
        risk_review=_given(thresholds.review, presets.risk_review),
    )


def _given(value: float | None, preset: float) -> float:
    return preset if value is None else value


def _judge_all(folder: Path, rules: Rules) -> list[Entry]:
    # FFmpeg would report every broken file on stderr; the report says it once, and why
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    from app.adapters.places import Places
    from app.bootstrap.program import model_hashes
    from proctor.adapters.examiner import Examiner, clips_in
    from proctor.adapters.models import FaceModels

    clips = clips_in(folder)
    if not clips:
        return []
    models = FaceModels.load(Places.of_user().cache / "models", model_hashes())
    try:
        examiner = Examiner(models, rules)
        entries = []
        for number, path in enumerate(clips, 1):
            entries.append(_judge(folder, path, examiner))
            _progress(number, len(clips), entries[-1])
        return entries
    finally:
        models.close()


def _judge(folder: Path, path: Path, examiner: Examiner) -> Entry:
    from proctor.adapters.examiner import ClipError, statement_of

    inside = path.relative_to(folder)
    label = inside.parts[0] if len(inside.parts) > 1 else ""
    statement = statement_of(path)
    began = time.monotonic()
    try:
        findings, shape = examiner.examine(path, statement.actions)
    except ClipError as error:
        return Entry(inside.as_posix(), label, statement, fault=error.fault, detail=error.detail)
    notes = statement.notes
    for answer in findings.answers:
        if answer.asked.at_s > findings.seconds:
            notes += (Note(Remark.AFTER_THE_END, f"{answer.asked.at_s:g} s"),)
    return Entry(
        inside.as_posix(),
        label,
        statement,
        findings=findings,
        size=(shape.width, shape.height),
        fps=shape.fps,
        cut=shape.cut,
        notes=notes,
        took_s=time.monotonic() - began,
    )


def _progress(number: int, of: int, entry: Entry) -> None:
    if sys.stderr.isatty() or number == of or number % 10 == 0:
        sys.stderr.write(f"{number}/{of}  {entry.file}\n")


def _about() -> dict[str, object]:
    from app import bootstrap
    from app.bootstrap.program import model_hashes

    return {
        "program": f"Anxue {bootstrap.VERSION}",
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{machine.system()} {machine.release()} {machine.machine()}",
        "models_sha256": model_hashes(),
    }


def _say(text: str, code: int) -> int:
    sys.stderr.write(text + "\n")
    return code
