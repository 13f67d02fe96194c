"""The client's side and the reference platform, over a real line: one story with a crash."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sync import outbox as box
from sync.adapters.store import Store
from sync.facts import LessonClosed, SessionEnded
from sync.ports import RefusedError
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.faults import FILE, Faults, write
from sync.verify import verify
from tests.contract.course import make_course, thumbnails
from tests.contract.serve import COURSE, command
from tests.sync_client import Client, enrol, opened, planned, watched

KEY = b"\x11" * 32


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[EmbeddedPlatform]:
    make_course(tmp_path / COURSE)
    with EmbeddedPlatform(command(tmp_path)) as platform:
        yield platform


def test_a_story_with_a_crash(platform: EmbeddedPlatform, tmp_path: Path) -> None:
    pem = platform.certificate.read_text("ascii")
    path = tmp_path / "client" / "records.db"
    store = Store(path, KEY)
    first = Client(platform.url, pem, store)
    enrol(platform, first.session.learner.id, tmp_path)
    first.identify()
    lesson = first.gateway.courses().courses[0].lessons[0]
    first.tell(opened(lesson.id, lesson.duration_ms))
    first.tell(planned(lesson.id))
    assert first.flush() == []
    # The open tick is all that is left of a segment when the program dies. The platform's
    # own clock has hardly moved: what the client claims beyond that is not believed.
    first.now_s = 100.0
    first.tick(watched(lesson.id, 0.0, 0.3, 100.0))
    first.gateway.close()
    store.close()

    store = Store(path, KEY)
    tail = store.newest_chain()
    assert tail is not None
    second = Client(platform.url, pem, store)
    assert [old.chain for old in second.session.previous] == [tail.chain]
    second.identify()
    effects = second.flush()
    assert box.ChainDone(tail.chain) in effects
    # Who catches up is not told the count with each batch: it is there with the courses.
    counted = second.gateway.courses().courses[0].lessons[0].credit
    assert 0 < counted.credited_s <= 0.3
    second.tell(opened(lesson.id, lesson.duration_ms))
    second.tell(LessonClosed(lesson=lesson.id, position_us=0))
    second.tell(SessionEnded(reason="learner"))
    second.outbox = second.outbox.retry_now()
    assert second.flush(done=True) == [box.ChainDone(second.chain)]
    assert store.open_chains() == ()

    found = verify(store.export(), pem)
    assert found.ok, found.explain("en")
    assert [run.chain for run in found.chains] == [tail.chain, second.chain]
    assert {note.code for note in found.findings} <= {"demo", "no_end"}
    second.gateway.close()
    store.close()


def test_what_a_lesson_shows_is_had_through_the_gateway(tmp_path: Path) -> None:
    """The film by an address that expires and is renewed; captions and small pictures whole."""
    make_course(tmp_path / COURSE)
    store = Store(tmp_path / "client" / "records.db", KEY)
    with EmbeddedPlatform(command(tmp_path, media_address_s=2)) as platform:
        pem = platform.certificate.read_text("ascii")
        client = Client(platform.url, pem, store)
        gateway = client.gateway
        lesson = gateway.courses().courses[0].lessons[0]
        rendition = lesson.renditions[0]
        assert rendition.signed
        address = gateway.media_address(rendition.path)
        answer = httpx.get(address.url)
        assert hashlib.sha256(answer.content).hexdigest() == rendition.sha256
        write(tmp_path / FILE, Faults(clock_off_s=5.0))
        assert httpx.get(address.url).status_code == 403
        assert httpx.get(gateway.media_address(rendition.path).url).content == answer.content
        assert gateway.media_file(lesson.captions[0].path).startswith(b"WEBVTT")
        assert lesson.thumbnails is not None
        assert gateway.media_file(lesson.thumbnails.path) == thumbnails(lesson.id)
        with pytest.raises(RefusedError, match="not_found"):
            gateway.media_address(rendition.path.replace(lesson.id, "no-such-lesson"))
        gateway.close()
        # Another run of the same learner: the old token opens nothing, not even addresses.
        Client(platform.url, pem, store).gateway.close()
        with pytest.raises(RefusedError, match="taken_over"):
            gateway.media_address(rendition.path)
    store.close()
