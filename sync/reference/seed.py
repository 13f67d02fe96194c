"""Fill a data folder with the demo: an institution, a class, a learner, a course, a policy."""

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync import seal
from sync.contract import Policy
from sync.reference import accounts, audit
from sync.reference.demo import DEMO_LEARNER, SECOND_LEARNER, demo_policy
from sync.reference.keys import Keys, load_or_make
from sync.reference.store import Store, in_turn
from sync.reference.tables import (
    CaptionsRow,
    CategoryRow,
    ChapterRow,
    ClassRow,
    CourseRow,
    EntitlementRow,
    InstitutionRow,
    LearnerRow,
    LessonRow,
    PolicyRow,
    QuestionRow,
    RenditionRow,
    ThumbnailsRow,
)

__all__ = [
    "DEMO_LEARNER",
    "SECOND_LEARNER",
    "SeedError",
    "demo_policy",
    "put_course",
    "put_policy",
    "seed_demo",
]

CATALOGUE = Path(__file__).resolve().parents[2] / "resources" / "course_catalogue.csv"
INSTITUTION = "anxue-demo"
CLASS = "demo-class"
_LANGUAGES = {"zh": "zh_CN", "zh_CN": "zh_CN", "en": "en"}


class SeedError(Exception):
    """The demo cannot be set up; the message says why."""


def seed_demo(
    data: Path,
    *,
    course: Path | None = None,
    policy: Policy | None = None,
    database_url: str | None = None,
) -> None:
    """Make the demo in a folder, or bring the one that is there up to date.

    database_url: where it is not the SQLite in that folder.

    course: the folder of a course.json; its films are referred to where they are. policy:
    None is `demo_policy()`. Records that are there stay. Raises SeedError, KeysError.
    """
    data.mkdir(parents=True, exist_ok=True)
    keys = load_or_make(data)
    store = Store(database_url) if database_url else Store.in_folder(data)
    try:
        with store.writing() as db:
            in_turn(db, "seed")
            _people(db, keys)
            put_policy(db, keys, policy or demo_policy())
            _categories(db)
            if course is not None:
                put_course(db, course, CLASS)
    finally:
        store.close()


def put_policy(db: Session, keys: Keys, policy: Policy) -> None:
    """Put a policy in force, unless it already is."""
    body = policy.model_dump(mode="json")
    newest = db.scalar(select(PolicyRow).order_by(PolicyRow.id.desc()).limit(1))
    if newest is None or newest.body != body:
        text = seal.sign(policy, "policy", keys.signer)
        now = datetime.now(UTC)
        db.add(PolicyRow(text=text, body=body, since=now))
        told = seal.text_sha256(text)
        in_force = audit.Action(
            log=audit.PLATFORM, role="console", who="", action="policy in force", subject=told
        )
        audit.write(db, keys.vault, in_force, now)


def put_course(db: Session, folder: Path, class_id: str) -> None:
    """Read a course.json into the database, and let a class study it. Raises SeedError."""
    try:
        told = json.loads((folder / "course.json").read_text("utf-8"))
        _course(db, folder.resolve(), told)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SeedError(f"{folder / 'course.json'}: {error!r}") from error
    if db.get(EntitlementRow, (class_id, told["id"])) is None:
        db.add(EntitlementRow(class_id=class_id, course=told["id"]))


def _people(db: Session, keys: Keys) -> None:
    token = accounts.token_sha256(keys.institution_token)
    institution = db.get(InstitutionRow, INSTITUTION)
    if institution is None:
        db.add(InstitutionRow(id=INSTITUTION, name="安学演示培训机构", token_sha256=token))
        db.flush()
        db.add(ClassRow(id=CLASS, institution=INSTITUTION, name="有限空间作业初训 1 班"))
        db.flush()
    else:
        institution.token_sha256 = token
    for learner in (DEMO_LEARNER, SECOND_LEARNER):
        if db.get(LearnerRow, learner.id) is None:
            db.add(
                LearnerRow(
                    id=learner.id,
                    login=learner.login,
                    password_hash=accounts.hash_password(learner.password),
                    name=learner.name,
                    institution=INSTITUTION,
                    class_id=CLASS,
                    template=None,
                )
            )


def _categories(db: Session) -> None:
    if db.scalar(select(CategoryRow.id).limit(1)) is not None:
        return
    with CATALOGUE.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            db.add(
                CategoryRow(
                    qualification=line["资格类型"], trade=line["作业类别"], item=line["操作项目"]
                )
            )


def _course(db: Session, folder: Path, told: Mapping[str, Any]) -> None:
    title, title_en = _words(told, "title")
    db.merge(
        CourseRow(
            id=told["id"], title=title, title_en=title_en, category=told.get("category", title)
        )
    )
    db.flush()
    for place, lesson in enumerate(told["lessons"]):
        _lesson(db, folder, told["id"], place, lesson)


def _lesson(db: Session, folder: Path, course: str, place: int, told: Mapping[str, Any]) -> None:
    title, title_en = _words(told, "title")
    lesson = told["id"]
    db.merge(
        LessonRow(
            id=lesson,
            course=course,
            place=place,
            title=title,
            title_en=title_en,
            duration_ms=told["duration_ms"],
        )
    )
    for table in (RenditionRow, CaptionsRow, ChapterRow, ThumbnailsRow):
        db.execute(delete(table).where(table.lesson == lesson))
    db.flush()
    for mode, film in told["renditions"].items():
        db.add(
            RenditionRow(
                lesson=lesson,
                mode=mode,
                file=str(folder / film["file"]),
                size_bytes=film["bytes"],
                sha256=film["sha256"],
                width=film["width"],
                height=film["height"],
                bits_per_second=film["bitrate"],
            )
        )
    for language, file in told.get("captions", {}).items():
        db.add(CaptionsRow(lesson=lesson, language=_LANGUAGES[language], file=str(folder / file)))
    for chapter in told.get("chapters", ()):
        title, title_en = _words(chapter, "title")
        db.merge(
            ChapterRow(lesson=lesson, start_ms=chapter["start_ms"], title=title, title_en=title_en)
        )
    if "thumbnails" in told:
        sheet = told["thumbnails"]
        db.add(
            ThumbnailsRow(
                lesson=lesson,
                file=str(folder / sheet["file"]),
                interval_ms=sheet["interval_ms"],
                columns=sheet["columns"],
                width=sheet["width"],
                height=sheet["height"],
            )
        )
    for number, question in enumerate(told.get("questions", ())):
        db.merge(_question(lesson, number, question))
    db.flush()


def _question(lesson: str, place: int, told: Mapping[str, Any]) -> QuestionRow:
    text, text_en = _words(told, "text")
    choices = told["choices"]
    names = [choice["id"] for choice in choices]
    return QuestionRow(
        id=told["id"],
        lesson=lesson,
        place=place,
        kind=told["kind"],
        text=text,
        text_en=text_en,
        options=[choice["zh"] for choice in choices],
        options_en=[choice["en"] for choice in choices],
        keys=sorted(names.index(name) for name in told["answer"]),
    )


def _words(told: Mapping[str, Any], name: str) -> tuple[str, str]:
    """A text in both languages; Chinese stands in where there is no English."""
    words = told[name]
    if isinstance(words, str):
        return words, told.get(f"{name}_en", words)
    words = cast("Mapping[str, str]", words)
    return words["zh"], words.get("en", words["zh"])
