"""Damage of any kind, anywhere: the store is rescued, and all that can be sent is sent."""

import shutil
import sqlite3
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import chain as links
from sync.adapters.store import Store
from sync.adapters.store_carve import PAGE, carve, receipts, records
from sync.adapters.store_rescue import rescue
from sync.adapters.vault import Vault
from sync.facts import Fact
from sync.outbox import Sending
from sync.ports import StoreDamagedError, StoreError, StoreFullError
from sync.seal import from_base64url
from sync.verify import verify
from tests.sync_rig import FakePlatform, begin, confirm, story, tell, watched

KEY = b"\x11" * 32
PLATFORM = FakePlatform()
RECORDS, ACKED = 47, 8


@cache
def written() -> tuple[bytes, dict[int, str]]:
    """A store of one run, 8 of its 47 records sent; and each record's body."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records.db"
        store = Store(path, KEY)
        recorder = confirm(store, tell(store, begin(store), 5))
        facts: list[tuple[Fact, float]] = [
            (watched(n, n + 1, 100 + n), 100.0 + n) for n in range(RECORDS - ACKED)
        ]
        story(recorder, store.append, facts)
        batch = store.batch(Sending("c1", 1, RECORDS, tick=False, close=False))
        store.close()
        return path.read_bytes(), {record.seq: record.body for record in batch.records}


@dataclass(frozen=True, slots=True)
class Damage:
    """at: of all bytes, 0 to 1. what: the byte that stands there afterwards, None: cut off here."""

    at: float
    length: int
    what: int | None

    def spoil(self, data: bytearray) -> None:
        start = int(self.at * len(data))
        if self.what is None:
            del data[max(start, 1) :]
            return
        length = min(self.length, len(data) - start)
        data[start : start + length] = bytes([self.what]) * length


damages = st.lists(
    st.builds(
        Damage,
        at=st.floats(0, 0.999),
        length=st.one_of(st.integers(1, 40), st.integers(500, 3 * PAGE)),
        what=st.one_of(st.integers(0, 255), st.none()),
    ),
    min_size=1,
    max_size=5,
)


def readable(data: bytes) -> set[int]:
    """What is there to be read at all, by an eye that knows no SQL."""
    vault = Vault(KEY)
    found = set()
    for chain, seq, _, _, body in records(carve(data)):
        try:
            vault.open("record", chain, seq, body)
        except StoreDamagedError:
            continue
        found.add(seq)
    return found


@given(damages)
def test_whatever_is_damaged_what_can_be_sent_is_sent(spoils: list[Damage]) -> None:
    whole, bodies = written()
    data = bytearray(whole)
    for each in spoils:
        each.spoil(data)
    there = readable(bytes(data))
    whole_receipts = {jws for *_, jws in receipts(carve(whole))}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records.db"
        path.write_bytes(data)
        store, _ = rescue(path, KEY, "now")
        sent: dict[int, str] = {}
        for backlog in store.backlogs(None):
            batch = store.batch(
                Sending(backlog.chain, backlog.acked + 1, backlog.last, tick=False, close=True)
            )
            sent |= {record.seq: record.body for record in batch.records}
        for seq, body in sent.items():
            assert body == bodies[seq], "nothing that was not written is sent"
        acked = [seq for _, seq, _, jws in receipts(carve(bytes(data))) if jws in whole_receipts]
        to_be_sent = run_from(there, ACKED + 1 if acked else 1)
        assert to_be_sent <= set(sent) | set(range(1, ACKED + 1))
        # Study goes on, and the store opens again.
        tell(store, begin(store, "c2"))
        store.close()
        again = Store(path, KEY)
        assert again.newest_chain() is not None
        again.export()
        again.close()


def run_from(there: set[int], first: int) -> set[int]:
    last = first
    while last in there:
        last += 1
    return set(range(first, last))


def test_a_hole_in_what_the_platform_has_costs_nothing(tmp_path: Path) -> None:
    """The page with records 2 to 4 is gone, 9 to 47 wait to be sent: they are sent."""
    whole, bodies = written()
    data = bytearray(whole)
    for start in range(0, len(data), PAGE):
        if 3 in readable(bytes(PAGE) + data[start : start + PAGE]):
            data[start : start + PAGE] = b"\xa5" * PAGE
    assert 3 not in readable(bytes(data))
    assert set(range(ACKED + 1, RECORDS + 1)) <= readable(bytes(data))
    path = tmp_path / "records.db"
    path.write_bytes(data)
    with pytest.raises(StoreError):
        Store(path, KEY)
    store, told = rescue(path, KEY, "now")
    (backlog,) = store.backlogs(None)
    assert (backlog.acked, backlog.last) == (ACKED, RECORDS)
    assert 0 < told.lost < ACKED
    batch = store.batch(Sending("c1", ACKED + 1, RECORDS, tick=False, close=True))
    assert {record.seq: record.body for record in batch.records} == {
        seq: body for seq, body in bodies.items() if seq > ACKED
    }
    head = store.head_at("c1", ACKED)
    for record in batch.records:
        assert head is not None
        head = links.link("c1", record.seq, head, record.body.encode())
        assert head == store.head_at("c1", record.seq)
        assert len(from_base64url(record.mac)) == 32
    found = verify(store.export(), PLATFORM.pem)
    assert {fault.code for fault in found.faults} <= {"unconfirmed"}, "the part before the hole"
    store.close()


def test_a_lost_row_of_the_chain_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    whole, _ = written()
    path.write_bytes(whole)

    raw = sqlite3.connect(path)
    raw.execute("DELETE FROM chains")
    raw.commit()
    raw.close()
    store, told = rescue(path, KEY, "now")
    assert told.records == RECORDS
    (kept,) = store.open_chains()
    assert (kept.acked, kept.last, kept.learner) == (ACKED, RECORDS, "learner-7")
    store.close()


def test_a_rescue_that_is_cut_off_is_done_again_or_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = written()
    spoiled = b"\xa5" * 100 + whole[100:]
    rename = Path.rename
    for fails_at in (1, 2):
        folder = tmp_path / str(fails_at)
        folder.mkdir()
        path = folder / "records.db"
        path.write_bytes(spoiled)
        left = fails_at

        def cut(source: Path, target: Path) -> Path:
            nonlocal left
            left -= 1
            if left == 0:
                raise OSError(28, "played")
            return rename(source, target)

        monkeypatch.setattr(Path, "rename", cut)
        with pytest.raises(StoreFullError):
            rescue(path, KEY, "now")
        monkeypatch.setattr(Path, "rename", rename)
        store = rescue(path, KEY, "now")[0] if fails_at == 1 else Store(path, KEY)
        assert store.backlogs(None)[0].last == RECORDS
        store.close()
        (aside,) = folder.glob("*.damaged-*")
        assert aside.read_bytes() == spoiled


def test_a_full_disk_leaves_the_damaged_store_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = written()
    path = tmp_path / "records.db"
    path.write_bytes(b"\xa5" * 100 + whole[100:])

    def full(*_: object) -> None:
        raise OSError(28, "played")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copy", full)
        with pytest.raises(StoreFullError):
            rescue(path, KEY, "now")
    assert path.exists()
    store, told = rescue(path, KEY, "now")
    assert told.records == RECORDS
    store.close()


@pytest.mark.parametrize("bent", ["a\x00", "A"])
def test_a_seal_that_was_damaged_does_not_go(tmp_path: Path, bent: str) -> None:
    """The platform would close the chain over it: the records behind it would never be taken."""
    path = tmp_path / "records.db"
    path.write_bytes(written()[0])
    raw = sqlite3.connect(path)
    raw.execute("INSERT INTO seals (chain, seq, jws) VALUES ('c1', ?, '')", (RECORDS,))
    (kept,) = raw.execute("SELECT jws FROM seals WHERE seq <= ? LIMIT 1", (ACKED,)).fetchone()
    head, payload, signature = kept.split(".")
    wrong = f"{head}.{payload}.{bent}{signature[len(bent) :]}"
    raw.execute("UPDATE seals SET jws = ? WHERE seq = ?", (wrong, RECORDS))
    raw.commit()
    raw.close()
    everything = Sending("c1", ACKED + 1, RECORDS, tick=False, close=True)
    if "\x00" in bent:
        store = Store(path, KEY)
        with pytest.raises(StoreDamagedError):
            store.batch(everything)
        store.close()
    store, _ = rescue(path, KEY, "now")
    batch = store.batch(everything)
    assert len(batch.records) == RECORDS - ACKED
    assert batch.seal == kept, "the sound one over the record before"
    store.close()
