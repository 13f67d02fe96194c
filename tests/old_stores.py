"""Stores as earlier versions wrote them, by the very migrations and statements of then."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from sync import trust
from sync.adapters.store_schema import MIGRATIONS
from sync.adapters.vault import Vault
from sync.recorder import Recorder
from tests.sync_rig import FakePlatform, moment, plain_story, run_signer, watched

NEXT = {1: "m002_pictures", 2: "m003_texts_apart"}


def old_store(
    connection: sqlite3.Connection, version: int, key: bytes, name: str = "c1", count: int = 3
) -> Recorder:
    """Write a store of version 1 or 2: a run, its seal, an open tick, nothing sent yet.

    The connection is left open; autocommit. The recorder stands where the store does.
    """
    connection.execute("PRAGMA journal_mode = WAL")
    MIGRATIONS.apply(Database(connection, execute_plugins=False), stop_before=NEXT[version])
    vault, session = Vault(key), FakePlatform().accepted(name)
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO meta (name, value) VALUES ('key_check', ?)",
        (vault.seal("key", "", 0, b"anxue"),),
    )
    connection.execute(
        """INSERT INTO chains (chain, learner, "grant", policy, certificate,
        first_beacon, first_value, beacon, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            *(name, session.grant.learner, session.grant_jws, session.policy_jws),
            trust.to_pem(session.certificate),
            *(session.beacons.index, session.beacons.value.hex()) * 2,
        ),
    )
    recorder = Recorder.begin(session)
    for fact, seconds in plain_story(count)[:-1]:
        recorder, record, _ = recorder.record(fact, moment(seconds))
        connection.execute(
            "INSERT INTO records (chain, seq, head, mac, body) VALUES (?, ?, ?, ?, ?)",
            (
                *(name, record.seq, record.head, record.mac),
                vault.seal("record", name, record.seq, record.body),
            ),
        )
    seq = recorder.state.seq
    connection.execute("UPDATE chains SET last = ? WHERE chain = ?", (seq, name))
    connection.execute(
        "INSERT INTO seals (chain, seq, jws) VALUES (?, ?, ?)",
        (name, seq, recorder.seal(run_signer(name))),
    )
    at_s = 20.0 + 10 * count
    recorder, tick = recorder.tick(watched(80, 81, at_s), moment(at_s))
    connection.execute(
        "INSERT INTO ticks (chain, seq, mac, body) VALUES (?, ?, ?, ?)",
        (name, tick.seq, tick.mac, vault.seal("tick", name, tick.seq, tick.body)),
    )
    if version > 1:
        connection.execute(
            "INSERT INTO evidence (sha256, chain, seq, about, picture) VALUES (?, ?, ?, ?, ?)",
            ("ab" * 32, name, 2, vault.seal("ab" * 32, name, 0, b"{}"), b"sealed" * 200),
        )
    connection.execute("COMMIT")
    return recorder


def old_file(path: Path, version: int, key: bytes) -> Recorder:
    """The same on a real disk, closed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    recorder = old_store(connection, version, key)
    connection.close()
    return recorder
