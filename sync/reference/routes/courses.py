"""What a learner may study, and how far they are."""

from typing import cast

from fastapi import APIRouter
from sqlalchemy import select

from sync.contract import (
    API,
    CaptionsInfo,
    Categories,
    Category,
    ChapterInfo,
    Course,
    Courses,
    Lesson,
    LessonCredit,
    ModeName,
    RenditionInfo,
    ThumbnailsInfo,
)
from sync.reference.accounts import LearnerDep
from sync.reference.hours import count, entitled_courses
from sync.reference.platform import PlatformDep
from sync.reference.problems import documented
from sync.reference.tables import CategoryRow, CourseRow, LessonRow, ThumbnailsRow

router = APIRouter(tags=["courses"])


@router.get("/courses", responses=documented("signed_out", "taken_over"))
def courses(platform: PlatformDep, account: LearnerDep) -> Courses:
    """The courses of the learner's class, each lesson with the platform's count."""
    with platform.store.reading() as db:
        counted = count(db, platform, account)
        rows = entitled_courses(db, account)
    return Courses(courses=tuple(_course(row, counted) for row in rows))


@router.get("/categories", responses=documented("signed_out", "taken_over"))
def categories(platform: PlatformDep, _account: LearnerDep) -> Categories:
    """The province's list of course categories."""
    with platform.store.reading() as db:
        rows = db.scalars(select(CategoryRow).order_by(CategoryRow.id)).all()
    return Categories(
        categories=tuple(
            Category(qualification=row.qualification, trade=row.trade, item=row.item)
            for row in rows
        )
    )


def _course(row: CourseRow, counted: dict[str, LessonCredit]) -> Course:
    return Course(
        id=row.id,
        title=row.title,
        title_en=row.title_en,
        category=row.category,
        lessons=tuple(_lesson(lesson, counted[lesson.id]) for lesson in row.lessons),
    )


def _lesson(row: LessonRow, counted: LessonCredit) -> Lesson:
    return Lesson(
        id=row.id,
        title=row.title,
        title_en=row.title_en,
        duration_ms=row.duration_ms,
        questions=len(row.questions),
        renditions=tuple(
            RenditionInfo(
                mode=cast("ModeName", rendition.mode),
                path=f"{API}/media/{row.id}/{rendition.mode}.mp4",
                size_bytes=rendition.size_bytes,
                sha256=rendition.sha256,
                width=rendition.width,
                height=rendition.height,
                bits_per_second=rendition.bits_per_second,
                signed=True,
            )
            for rendition in row.renditions
        ),
        credit=counted,
        captions=tuple(
            CaptionsInfo(
                language="en" if captions.language == "en" else "zh_CN",
                path=f"{API}/media/{row.id}/{captions.language}.vtt",
            )
            for captions in row.captions
        ),
        chapters=tuple(
            ChapterInfo(start_ms=part.start_ms, title=part.title, title_en=part.title_en)
            for part in row.chapters
        ),
        thumbnails=_thumbnails(row.thumbnails),
    )


def _thumbnails(row: ThumbnailsRow | None) -> ThumbnailsInfo | None:
    if row is None:
        return None
    return ThumbnailsInfo(
        path=f"{API}/media/{row.lesson}/thumbnails.jpg",
        interval_ms=row.interval_ms,
        columns=row.columns,
        width=row.width,
        height=row.height,
    )
