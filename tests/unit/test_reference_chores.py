"""The chores of a process go on, whatever happens in one of them."""

import threading
from collections.abc import Iterator

import pytest

from sync.reference import chores, evidence, roots
from sync.reference.platform import Platform
from tests.contract.local import Local, local_platform


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with local_platform(tmp_path_factory.mktemp("platform")) as local:
        yield local


def test_one_fault_does_not_end_the_chores(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    told, again = list[str](), threading.Event()

    def broken(_: Platform) -> int:
        told.append("tried")
        if len(told) == 3:
            again.set()
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(roots, "make_due", broken)
    with chores.housekeeping(local.platform, every_s=0.01):
        assert again.wait(10)


def test_the_object_store_is_gone_through_once_a_day(
    local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept, passed = list[str](), threading.Event()

    def rows(_: Platform) -> None:
        swept.append("rows")
        if swept.count("rows") == 3:
            passed.set()

    monkeypatch.setattr(evidence, "sweep_rows", rows)
    monkeypatch.setattr(evidence, "sweep_objects", lambda _: swept.append("objects"))
    with chores.housekeeping(local.platform, every_s=0.01):
        assert passed.wait(10)
    assert swept.count("objects") == 1
