"""Pictures and films in a folder and in an S3 over HTTP; and when the store is not there."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from sync import sealing
from sync.contract import EvidenceReceipt, MediaAddress
from sync.facts import SnapshotTaken
from sync.reference import evidence, media_objects
from sync.reference.integrations import ObjectsSettings
from sync.reference.objects import MissingObjectError, Objects, ObjectsError
from sync.reference.tables import EvidenceRow, RenditionRow
from tests.contract.course import film
from tests.contract.learner import Run, good, problem
from tests.contract.local import Local, local_platform, policy
from tests.s3 import S3, s3

_places = count()


@pytest.fixture(scope="module")
def bucket() -> Iterator[S3]:
    with s3() as told:
        yield told


@pytest.fixture(params=["folder", "s3"])
def settings(request: pytest.FixtureRequest, bucket: S3, tmp_path: Path) -> ObjectsSettings:
    bucket.broken = False
    if request.param == "folder":
        return ObjectsSettings(url=(tmp_path / "对象 1").as_uri())
    return at_s3(bucket)


def at_s3(bucket: S3, **more: bool) -> ObjectsSettings:
    """A place of its own: a prefix belongs to one platform."""
    return ObjectsSettings(
        url=bucket.address(f"place-{next(_places)}"),
        access_key="test",
        secret_key="test",
        timeout_s=5,
        **more,
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    folder = tmp_path_factory.mktemp("objects")
    with local_platform(folder, presets=policy(keeps_months_offline=2)) as local:
        yield local


@contextmanager
def joined(shared: Local, settings: ObjectsSettings | None) -> Iterator[Local]:
    """The platform with that store, as after a start with those settings."""
    objects = Objects(settings) if settings is not None else None
    platform = replace(shared.platform, objects=objects)
    app = shared.http.app
    app.state.platform = platform  # type: ignore[attr-defined]
    with platform.store.reading() as db:
        files = {(row.lesson, row.mode): row.file for row in db.scalars(select(RenditionRow))}
    try:
        yield replace(shared, platform=platform)
    finally:
        with platform.store.writing() as db:
            for row in db.scalars(select(RenditionRow)):
                row.file = files[row.lesson, row.mode]
        app.state.platform = shared.platform  # type: ignore[attr-defined]


def named(run: Run, picture: bytes = b"a picture") -> tuple[str, bytes]:
    """A picture that a record names; not brought yet."""
    key = run.accepted.evidence_key
    assert key is not None
    sealed = sealing.seal_picture(picture, key)
    sha256 = hashlib.sha256(sealed).hexdigest()
    run.state(SnapshotTaken(lesson="first", why="between", sha256=sha256, size_bytes=len(sealed)))
    run.send(run.batch(len(run.records)))
    return sha256, sealed


def bring(run: Run, sha256: str, sealed: bytes) -> httpx.Response:
    headers = {**run.headers, "Content-Type": sealing.MEDIA_TYPE}
    return run.http.put(f"/evidence/{sha256}", content=sealed, headers=headers)


def look(local: Local, sha256: str) -> httpx.Response:
    staff = {"Authorization": f"Bearer {local.platform.keys.institution_token}"}
    answer: httpx.Response = local.http.get(f"/institution/evidence/{sha256}", headers=staff)
    return answer


def row_of(local: Local, sha256: str) -> EvidenceRow:
    with local.platform.store.reading() as db:
        return db.scalars(select(EvidenceRow).where(EvidenceRow.sha256 == sha256)).one()


def objects_of(local: Local) -> Objects:
    assert local.platform.objects is not None
    return local.platform.objects


def test_what_was_put_is_there(settings: ObjectsSettings) -> None:
    store = Objects(settings)
    store.check()
    store.put("evidence/ab/one", b"x" * 10)
    store.put("evidence/ab/one", b"0123456789")
    assert store.get("evidence/ab/one") == b"0123456789"
    assert store.size("evidence/ab/one") == 10
    assert b"".join(store.stream("evidence/ab/one", 3, 7)) == b"3456"
    assert [name for name, _ in store.names("evidence/")] == ["evidence/ab/one"]
    store.delete("evidence/ab/one")
    store.delete("evidence/ab/one")
    with pytest.raises(MissingObjectError):
        store.get("evidence/ab/one")
    assert list(store.names("evidence/")) == []


def test_a_picture_lies_in_the_store_until_its_term_is_over(
    settings: ObjectsSettings, shared: Local
) -> None:
    with joined(shared, settings) as local:
        run = local.sign_in()
        sha256, sealed = named(run)
        first = good(bring(run, sha256, sealed), EvidenceReceipt)
        assert good(bring(run, sha256, sealed), EvidenceReceipt) == first
        row = row_of(local, sha256)
        assert (row.sealed, row.object_key) == (None, f"evidence/{sha256[:2]}/{sha256}")
        assert objects_of(local).get(str(row.object_key)) == sealed
        assert look(local, sha256).content == b"a picture"
        local.clock.advance(63 * 86_400)
        evidence.sweep_rows(local.platform)
        assert list(objects_of(local).names("evidence/")) == []
        problem(look(local, sha256), 404, "not_found")
        local.clock.advance(-63 * 86_400)  # objects have the store's own times


def test_a_store_that_fails_loses_nothing(bucket: S3, shared: Local) -> None:
    bucket.broken = False
    with joined(shared, at_s3(bucket)) as local:
        run = local.sign_in()
        sha256, sealed = named(run)
        bucket.broken = True
        # The PC keeps its picture until there is a receipt, and there is none.
        problem(bring(run, sha256, sealed), 503, "unavailable")
        assert row_of(local, sha256).received_at is None
        run.state(run.watched("first", 0.0, 1.0))
        run.send(run.batch(len(run.records)))  # records need no object store
        bucket.broken = False
        good(bring(run, sha256, sealed), EvidenceReceipt)
        assert look(local, sha256).content == b"a picture"
        bucket.broken = True
        problem(look(local, sha256), 503, "unavailable")
        bucket.broken = False


def test_pictures_from_before_the_store_stay_where_they_are(shared: Local, tmp_path: Path) -> None:
    with joined(shared, None) as local:
        run = local.sign_in()
        sha256, sealed = named(run)
        good(bring(run, sha256, sealed), EvidenceReceipt)
    settings = ObjectsSettings(url=(tmp_path / "objects").as_uri())
    with joined(shared, settings) as local:
        assert row_of(local, sha256).sealed == sealed
        assert look(local, sha256).content == b"a picture"
        run = local.sign_in()
        newer, sealed = named(run, b"another")
        good(bring(run, newer, sealed), EvidenceReceipt)
        assert look(local, newer).content == b"another"


def test_an_object_that_is_gone_or_changed_is_not_shown(shared: Local, tmp_path: Path) -> None:
    settings = ObjectsSettings(url=(tmp_path / "objects").as_uri())
    with joined(shared, settings) as local:
        run = local.sign_in()
        sha256, sealed = named(run)
        good(bring(run, sha256, sealed), EvidenceReceipt)
        name = f"evidence/{sha256[:2]}/{sha256}"
        objects_of(local).put(name, sealed[::-1])
        problem(look(local, sha256), 404, "not_found")
        objects_of(local).delete(name)
        problem(look(local, sha256), 404, "not_found")


def test_objects_that_no_row_names_are_deleted_when_they_are_old(bucket: S3, shared: Local) -> None:
    """As a crash leaves them between the object and its row."""
    bucket.broken = False
    with joined(shared, at_s3(bucket)) as local:
        run = local.sign_in()
        sha256, sealed = named(run)
        good(bring(run, sha256, sealed), EvidenceReceipt)
        objects_of(local).put("evidence/00/orphan", b"nobody's")
        assert evidence.sweep_objects(local.platform) == 0  # its row may be on its way
        local.clock.advance(2 * 86_400)
        assert evidence.sweep_objects(local.platform) == 1
        assert [n for n, _ in objects_of(local).names("evidence/")] == [
            f"evidence/{sha256[:2]}/{sha256}"
        ]
        assert look(local, sha256).content == b"a picture"


def test_films_out_of_the_store_with_ranges(settings: ObjectsSettings, shared: Local) -> None:
    with joined(shared, settings) as local:
        before = film("fluent", "first")
        assert media_objects.move_in(local.platform) == 4
        assert media_objects.move_in(local.platform) == 0
        with local.platform.store.reading() as db:
            row = db.get_one(RenditionRow, ("first", "fluent"))
        assert row.file.startswith("object:media/first/")
        run = local.sign_in()
        path = "/media/first/fluent.mp4"
        whole = run.get(path)
        assert (whole.status_code, whole.content) == (200, before)
        assert whole.headers["content-length"] == str(len(before))
        for asked, part in (
            ("bytes=0-0", before[:1]),
            ("bytes=100-199", before[100:200]),
            ("bytes=100000-", before[100_000:]),
            ("bytes=-7", before[-7:]),
        ):
            answer = run.get(path, Range=asked)
            assert (answer.status_code, answer.content) == (206, part), asked
            assert answer.headers["content-range"].endswith(f"/{len(before)}")
        for asked in ("bytes=999999-", "bytes=-0"):
            answer = run.get(path, Range=asked)
            problem(answer, 416, "invalid")
            assert answer.headers["content-range"] == f"bytes */{len(before)}"
        assert run.get(path, Range="bytes=1-2,5-6").content == before
        etag = whole.headers["etag"]
        assert run.get(path, **{"If-None-Match": etag}).status_code == 304
        assert run.get(path, **{"If-Range": '"old"', "Range": "bytes=0-0"}).content == before
        head = run.http.head(path, headers=run.headers)
        assert (head.content, head.headers["content-length"]) == (b"", str(len(before)))
        address = good(run.get(f"{path}/address"), MediaAddress)
        assert local.http.get(address.url.removeprefix("/v1")).content == before


def test_films_by_the_store_s_own_addresses(bucket: S3, shared: Local) -> None:
    bucket.broken = False
    with joined(shared, at_s3(bucket, direct_media=True)) as local:
        media_objects.move_in(local.platform)
        run = local.sign_in()
        address = good(run.get("/media/second/standard.mp4/address"), MediaAddress)
        assert address.url.startswith(bucket.url)
        whole = httpx.get(address.url)
        assert whole.content == film("standard", "second")
        part = httpx.get(address.url, headers={"Range": "bytes=5-9"})
        assert (part.status_code, part.content) == (206, whole.content[5:10])


@pytest.mark.parametrize(
    "url", ["", "ftp://x/y", "s3://", "s3://bucket?colour=red", "relative/folder"]
)
def test_settings_that_name_no_store_are_refused(url: str) -> None:
    with pytest.raises(ObjectsError):
        Objects(ObjectsSettings(url=url))


def test_addresses_end(bucket: S3) -> None:
    bucket.broken = False
    store = Objects(at_s3(bucket))
    assert "X-Amz-Expires=60" in store.address("media/x", timedelta(seconds=60))
    with pytest.raises(ObjectsError):
        Objects(ObjectsSettings(url="file:///tmp")).address("x", timedelta(seconds=60))
