"""The client's side and the reference platform, over a real line: one story with a crash."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import outbox as box
from sync.adapters.store import Store
from sync.facts import LessonClosed, SessionEnded
from sync.reference.embedded import EmbeddedPlatform
from sync.verify import verify
from tests.contract.course import make_course
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
    assert 0 < second.credit[lesson.id].credited_s <= 0.3
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
