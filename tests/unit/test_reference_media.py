"""Signed addresses on a clock that the test moves; what is stored beside a film."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from sync.contract import API, ChapterInfo, Courses, Lesson, MediaAddress
from sync.reference import signed_media
from sync.reference.keys import load_or_make
from sync.reference.problems import Refusal
from sync.trust import parse_time
from tests.contract.course import film, thumbnails
from tests.contract.learner import Run, good, problem
from tests.contract.local import Local, local_platform

NOW = datetime(2026, 11, 23, 8, 0, 0, 400_000, tzinfo=UTC)
KEY, OTHER = b"\x01" * 32, b"\x02" * 32
PATH = f"{API}/media/first/fluent.mp4"


def parameters(address: str) -> tuple[str, str]:
    query = parse_qs(urlsplit(address).query)
    return query["expires"][0], query["signature"][0]


def test_an_address_is_good_until_its_second() -> None:
    address, until = signed_media.sign(KEY, PATH, NOW, 2)
    assert urlsplit(address).path == PATH
    assert until == NOW.replace(microsecond=0) + timedelta(seconds=3)
    told = parameters(address)
    for after_s in (0.0, 2.0, 2.599):
        signed_media.check(KEY, PATH, NOW + timedelta(seconds=after_s), *told)
    for after_s in (2.6, 3.0, 1e6):
        with pytest.raises(Refusal, match="expired"):
            signed_media.check(KEY, PATH, NOW + timedelta(seconds=after_s), *told)


def test_it_stands_under_one_key_for_one_path_and_one_time() -> None:
    expires, signature = parameters(signed_media.sign(KEY, PATH, NOW, 60)[0])
    bent: list[tuple[bytes, str, str | None, str | None]] = [
        (OTHER, PATH, expires, signature),
        (KEY, PATH.replace("fluent", "high"), expires, signature),
        (KEY, PATH, str(int(expires) + 1), signature),
        (KEY, PATH, "0" + expires, signature),
        (KEY, PATH, " " + expires, signature),
        (KEY, PATH, None, signature),
        (KEY, PATH, expires, None),
        (KEY, PATH, expires, signature.lower()),
        (KEY, PATH, expires, signature + "="),
        (KEY, PATH, expires, "\ud800"),
        (KEY, PATH, "\ud800", signature),
        (KEY, PATH, "٣", signature),
    ]
    for key, path, when, by in bent:
        with pytest.raises(Refusal, match="not an address"):
            signed_media.check(key, path, NOW, when, by)


def test_all_processes_of_a_platform_have_one_key(tmp_path: Path) -> None:
    first, second = load_or_make(tmp_path / "a"), load_or_make(tmp_path / "a")
    assert first.media == second.media
    assert len(first.media) == 32
    assert first.media != load_or_make(tmp_path / "b").media
    assert first.media.hex() not in repr(first)
    assert first.media != first.vault.key


def told(local: Local, run: Run) -> MediaAddress:
    del local
    return good(run.get("/media/first/fluent.mp4/address"), MediaAddress)


def test_it_expires_and_is_renewed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "sync")
    with local_platform(tmp_path, media_address_s=2) as local:
        run = local.sign_in()
        address = told(local, run)
        assert parse_time(address.expires_at) == local.clock() + timedelta(seconds=2)
        url = str(local.http.base_url.join(address.url))
        answer = local.http.get(url)
        assert answer.content == film("fluent", "first")
        local.clock.advance(2)
        problem(local.http.get(url), 403, "forbidden")
        renewed = str(local.http.base_url.join(told(local, run).url))
        assert renewed != url
        assert local.http.get(renewed).status_code == 200
        # The learner's own token opens it as before; the old address does not spoil that.
        assert local.http.get(url, headers=run.headers).status_code == 200
        # An address outlives the run it was given to: it is no credential of anybody's.
        local.sign_in()
        assert local.http.get(renewed).status_code == 200
        for secret in (*parameters(url)[1:], *parameters(renewed)[1:]):
            assert secret not in caplog.text


def test_another_process_takes_it(tmp_path: Path) -> None:
    with local_platform(tmp_path) as local:
        url = str(local.http.base_url.join(told(local, local.sign_in()).url))
        clock = local.clock
    with local_platform(tmp_path, clock=clock) as other:
        assert other.http.get(url).status_code == 200


def lesson(run: Run) -> Lesson:
    return good(run.get("/courses"), Courses).courses[0].lessons[0]


def test_chapters_and_small_pictures_are_kept(tmp_path: Path) -> None:
    with local_platform(tmp_path) as local:
        run = local.sign_in()
        shown = lesson(run)
        assert shown.chapters == (
            ChapterInfo(start_ms=0, title="开始", title_en="Opening"),
            ChapterInfo(start_ms=40_000, title="气体", title_en="Gases"),
        )
        assert shown.thumbnails is not None
        assert (shown.thumbnails.interval_ms, shown.thumbnails.columns) == (5_000, 10)
        path = shown.thumbnails.path.removeprefix(API)
        answer = run.get(path)
        assert answer.content == thumbnails("first")
        assert answer.headers["cache-control"].startswith("private")
        (local.folder / "course" / "first.thumbs.jpg").unlink()
        problem(run.get(path), 404, "not_found")
        problem(run.get("/media/no-such-lesson/thumbnails.jpg"), 404, "not_found")


def test_a_folder_from_before_is_opened_and_brought_up_to_date(tmp_path: Path) -> None:
    with local_platform(tmp_path) as local:
        run = local.sign_in()
        with local.platform.store.writing() as db:
            for table in ("chapter", "thumbnails"):
                db.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    with local_platform(tmp_path, clock=local.clock) as local:
        run.http = local.http
        assert len(lesson(run).chapters) == 2
        assert lesson(run).thumbnails is not None
