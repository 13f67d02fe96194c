"""The chain: what is appended is accepted, and nothing else is."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import chain
from sync.chain import BeaconTrail, ChainError

GRANT = "aaa.bbb.ccc"
K0 = bytes(range(32))
BODIES = st.lists(st.binary(max_size=40), min_size=1, max_size=12)


def begin() -> chain.ChainState:
    return chain.start("c1", GRANT, K0)


def made(bodies: list[bytes]) -> tuple[chain.ChainState, list[chain.Record]]:
    state, records = begin(), []
    for body in bodies:
        state, record = chain.append(state, body)
        records.append(record)
    return state, records


def wire(records: list[chain.Record]) -> list[tuple[int, bytes, bytes]]:
    return [(record.seq, record.body, record.mac) for record in records]


def test_the_construction_as_published() -> None:
    """Recomputed by hand: another program must come to the same values."""

    def lp(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    head0 = hashlib.sha256(lp(b"anxue/grant/1") + lp(GRANT.encode())).digest()
    body = b'{"id":1}'
    head1 = hashlib.sha256(
        lp(b"anxue/record/1") + lp(b"c1") + (1).to_bytes(8, "big") + head0
        + hashlib.sha256(body).digest()
    ).digest()  # fmt: skip
    key1 = hmac.digest(K0, b"evolve", "sha256")
    state, (record,) = made([body])
    assert record.head == state.head == head1
    assert record.mac == hmac.digest(key1, head1, "sha256")
    assert state.key == hmac.digest(key1, b"evolve", "sha256")
    tick = chain.tick(state, b"t")
    place = lp(b"anxue/tick/1") + lp(b"c1") + (1).to_bytes(8, "big") + head1
    assert tick.mac == hmac.digest(state.key, place + hashlib.sha256(b"t").digest(), "sha256")


@given(BODIES)
def test_the_platform_comes_to_the_same_state(bodies: list[bytes]) -> None:
    state, records = made(bodies)
    assert chain.verify(begin(), wire(records)) == state


@given(BODIES.filter(lambda bodies: len(bodies) > 1), st.data())
def test_nothing_can_be_changed(bodies: list[bytes], data: st.DataObject) -> None:
    _, records = made(bodies)
    sent = wire(records)
    place = data.draw(st.integers(0, len(sent) - 2))
    match data.draw(st.sampled_from(["drop", "swap", "repeat", "body", "mac"])):
        case "drop":
            del sent[place]
        case "swap":
            sent[place], sent[place + 1] = sent[place + 1], sent[place]
        case "repeat":
            sent.insert(place, sent[place])
        case "body":
            seq, body, mac = sent[place]
            sent[place] = (seq, body + b" ", mac)
        case "mac":
            seq, body, mac = sent[place]
            sent[place] = (seq, body, mac[:-1] + bytes([mac[-1] ^ 1]))
    with pytest.raises(ChainError):
        chain.verify(begin(), sent)


def test_a_renumbered_record_has_no_mac() -> None:
    _, (first, second) = made([b"a", b"b"])
    with pytest.raises(ChainError) as caught:
        chain.accept(begin(), 1, second.body, second.mac)
    assert caught.value.kind == "mac"
    with pytest.raises(ChainError) as caught:
        chain.accept(begin(), 2, first.body, first.mac)
    assert (caught.value.kind, caught.value.seq) == ("sequence", 2)


def test_a_tick_stands_after_one_record_and_is_none() -> None:
    state, records = made([b"a", b"b"])
    tick = chain.tick(state, b"t")
    assert chain.accept_tick(state, tick.seq, tick.body, tick.mac) == tick
    with pytest.raises(ChainError):
        chain.accept(state, 3, tick.body, tick.mac)
    with pytest.raises(ChainError):
        chain.accept_tick(state, 2, b"other", tick.mac)
    with pytest.raises(ChainError):
        chain.accept_tick(chain.verify(begin(), wire(records[:1])), 2, tick.body, tick.mac)
    with pytest.raises(ChainError):
        chain.accept_tick(state, 2, records[1].body, records[1].mac)
    assert chain.append(state, b"c")[1].mac != tick.mac


def test_chains_and_grants_are_apart() -> None:
    _, (record,) = made([b"a"])
    for other in (chain.start("c2", GRANT, K0), chain.start("c1", GRANT + "x", K0)):
        with pytest.raises(ChainError):
            chain.accept(other, 1, record.body, record.mac)
    # A length prefix keeps ("ab", "c") and ("a", "bc") apart.
    assert chain.link("ab", 1, bytes(32), b"") != chain.link("a", 1, bytes(32), b"")


def test_keys_stay_out_of_sight() -> None:
    assert begin().key.hex() not in repr(begin())
    assert str(begin().key) not in repr(begin())
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(ValueError, match="k0"):
            chain.start("c1", GRANT, wrong)
    with pytest.raises(ValueError, match="head"):
        chain.link("c1", 1, b"short", b"")


def test_beacons_hash_back_to_the_commitment() -> None:
    values = chain.beacon_chain(b"\x01" * 32, 20)
    assert len(values) == 21
    trail = BeaconTrail.committed(values[0].hex())
    for index in (1, 2, 2, 7, 20):
        trail = trail.advance(index, values[index].hex())
    assert trail.index == 20


@pytest.mark.parametrize(
    ("index", "value"), [(1, 2), (3, 2), (6, 7), (4, 4), (5, 6), (200_000, 6), (-1, 0)]
)
def test_a_wrong_beacon(index: int, value: int) -> None:
    values = chain.beacon_chain(b"\x01" * 32, 20)
    trail = BeaconTrail.committed(values[0].hex()).advance(5, values[5].hex())
    with pytest.raises(ChainError):
        trail.advance(index, values[value].hex())
