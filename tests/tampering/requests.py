"""Requests: what the platform refuses on its way in, with nothing of it kept."""

import gzip
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import func, select

from sync import chain as links
from sync import recorder, seal, sealing, strictjson
from sync.contract import Problem, RecordAnswer
from sync.facts import ConsentGiven, PresenceChanged, SnapshotTaken
from sync.reference.demo import SECOND_LEARNER
from sync.reference.tables import ChainRow, RecordRow
from sync.seal import KeySigner
from tests.contract.learner import Run, good
from tests.contract.local import Local
from tests.tampering import deed
from tests.tampering.deed import Deed
from tests.tampering.forge import another_time, forged, reencoded

CONSENT = ConsentGiven(version="2026-11", language="zh_CN")
_AWAY = PresenceChanged(lesson="first", state="absent")
_BACK = PresenceChanged(lesson="first", state="present")
BATCH = 5
Request = dict[str, Any]


@dataclass
class Door:
    """A platform, a learner's closed run and the one that goes on, and another learner's run.

    pending: a batch that was not sent yet; it waits as long as the platform refuses.
    """

    local: Local
    before: Run = field(init=False)
    run: Run = field(init=False)
    other: Run = field(init=False)
    pending: Request = field(init=False)
    old_requests: list[bytes] = field(default_factory=list)
    old_receipts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before, self.other = self.local.sign_in(), self.local.sign_in(SECOND_LEARNER)
        for run in (self.before, self.other):
            for _ in range(2 * BATCH):
                run.state(CONSENT)
            run.send(run.batch(1, BATCH))
        self.before.send(self.before.batch(BATCH + 1))
        self.run = self.local.sign_in()
        for _ in range(3):
            self.renew()
            self.pass_on()
        self.renew()

    def renew(self) -> None:
        """Write the next batch."""
        first = len(self.run.records) + 1
        for number in range(BATCH):
            self.run.state(_BACK if number % 2 else _AWAY)
        tick = self.run.open_tick(self.run.watched("first", first, first + 1.0))
        self.pending = self.run.batch(first, tick=tick).model_dump(mode="json") | {"count": False}

    def pass_on(self) -> None:
        """Send the batch as it is."""
        self.local.clock.advance(5)
        self.old_requests.append(packed(self.pending))
        answer = good(self.post(packed(self.pending)), RecordAnswer)
        self.old_receipts.append(answer.receipt)
        beacon = self.run.receipt(answer).beacon
        trail = self.run.pen.beacons.advance(beacon.index, beacon.value)
        self.run.pen = self.run.pen.advance(trail)

    def bent(self) -> Request:
        """The pending batch, to be bent."""
        return json.loads(json.dumps(self.pending))  # type: ignore[no-any-return]

    def post(self, content: bytes, token: str | None = None, *, zipped: bool = False) -> Any:
        headers = {"Content-Type": "application/json"}
        headers["Authorization"] = f"Bearer {token or self.run.session.token}"
        if zipped:
            headers["Content-Encoding"] = "gzip"
        return self.local.http.post("/records", content=content, headers=headers)

    def kept(self) -> tuple[object, ...]:
        """What the platform has of every chain."""
        with self.local.platform.store.reading() as db:
            rows = db.execute(
                select(
                    ChainRow.id, ChainRow.seq, ChainRow.head, ChainRow.forked_at,
                    ChainRow.closed_at, ChainRow.beacon, ChainRow.tick_mac, ChainRow.sealed_seq,
                ).order_by(ChainRow.id)
            ).all()  # fmt: skip
            return (db.scalar(select(func.count()).select_from(RecordRow)), *map(tuple, rows))

    def judged(self, answer: httpx.Response, before: tuple[object, ...]) -> str:
        """Whether the platform refused, in the contract's own words, and kept nothing."""
        if answer.status_code < 400:
            return "nobody"
        if answer.status_code >= 500:
            raise deed.UnseenError(f"status {answer.status_code}")
        Problem.model_validate_json(answer.content)
        if self.kept() != before:
            raise deed.UnseenError("refused, and something changed")
        return "platform"

    def tried(self, request: Request, token: str | None = None) -> str:
        before = self.kept()
        return self.judged(self.post(packed(request), token), before)

    def same_or_refused(self, content: bytes, *, zipped: bool) -> str:
        """A request that may be read as what it was: then all that follows is the same."""
        before = self.kept()
        answer = self.post(content, zipped=zipped)
        came = self.judged(answer, before)
        if came == "nobody":
            undisturbed = self.post(packed(self.pending))
            if answer.content != undisturbed.content:
                raise deed.UnseenError("another answer than to the undisturbed request")
            self.renew()
            return deed.SAME_ANSWER
        return came


def packed(request: Request) -> bytes:
    return strictjson.dumps(request)


def _flip(door: Door, drawn: random.Random) -> str:
    return door.same_or_refused(deed.flipped(packed(door.pending), drawn), zipped=False)


def _flip_zipped(door: Door, drawn: random.Random) -> str:
    zipped = gzip.compress(packed(door.pending), mtime=0)
    return door.same_or_refused(deed.flipped(zipped, drawn), zipped=True)


def _cut(door: Door, drawn: random.Random) -> str:
    content, zipped = packed(door.pending), drawn.random() < 0.5
    content = gzip.compress(content, mtime=0) if zipped else content
    return door.same_or_refused(content[: drawn.randrange(len(content))], zipped=zipped)


def _changed(change: Callable[[Door, list[Request], random.Random], None]) -> Any:
    """A deed that changes the list of records."""

    def attempt(door: Door, drawn: random.Random) -> str:
        request = door.bent()
        change(door, request["records"], drawn)
        if request == door.pending:
            raise deed.UnseenError("nothing was changed")
        return door.tried(request)

    return attempt


def _drop(_: Door, wires: list[Request], drawn: random.Random) -> None:
    del wires[drawn.randrange(len(wires) - 1)]


def _swap(_: Door, wires: list[Request], drawn: random.Random) -> None:
    one, two = drawn.sample(range(len(wires)), 2)
    wires[one], wires[two] = wires[two], wires[one]
    if drawn.random() < 0.5:  # and the numbers made to fit
        wires[one]["seq"], wires[two]["seq"] = wires[two]["seq"], wires[one]["seq"]


def _macs(_: Door, wires: list[Request], drawn: random.Random) -> None:
    one, two = drawn.sample(range(len(wires)), 2)
    wires[one]["mac"], wires[two]["mac"] = wires[two]["mac"], wires[one]["mac"]


def _splice(door: Door, wires: list[Request], drawn: random.Random) -> None:
    """A record of another learner, of the run before or of earlier in this one."""
    source = drawn.choice((door.other, door.before, door.run))
    strange = recorder.wire(drawn.choice(source.records[:-BATCH])).model_dump(mode="json")
    place = drawn.randrange(len(wires))
    strange["seq"] = wires[place]["seq"]
    if drawn.random() < 0.5:
        strange["mac"] = wires[place]["mac"]
    wires[place] = strange


def _clock(_: Door, wires: list[Request], drawn: random.Random) -> None:
    wire = drawn.choice(wires)
    wire["body"] = another_time(wire["body"], drawn)


def _reencode(_: Door, wires: list[Request], drawn: random.Random) -> None:
    wire = drawn.choice(wires)
    wire["body"] = reencoded(wire["body"], drawn)


def _cut_tail(door: Door, drawn: random.Random) -> str:
    """The newest records and the seal are taken out on the way."""
    request = door.bent()
    del request["records"][drawn.randrange(1, BATCH) :]
    request |= {"seal": None, "tick": None}
    answer = door.post(packed(request))
    if answer.status_code != 200:
        return "platform"
    acked = good(answer, RecordAnswer).acked
    if acked != request["records"][-1]["seq"]:
        raise deed.UnseenError(f"{acked} is said to be kept")
    whole = good(door.post(packed(door.pending)), RecordAnswer)
    if whole.acked != door.pending["records"][-1]["seq"]:
        raise deed.UnseenError("the rest was not taken")
    door.renew()
    return deed.SENT_AGAIN


def _replay(door: Door, drawn: random.Random) -> str:
    before = door.kept()
    answer = good(door.post(drawn.choice(door.old_requests)), RecordAnswer)
    newest = good(door.post(door.old_requests[-1]), RecordAnswer)
    heads = [door.run.receipt(each).head for each in (answer, newest)]
    same = (answer.acked, heads[0]) == (newest.acked, heads[1]) and door.kept() == before
    return deed.SENT_TWICE if same else "nobody"


def _of_another(door: Door, drawn: random.Random) -> str:
    """A whole batch of another learner, or of this one under another learner's token."""
    if drawn.random() < 0.5:
        first = drawn.randrange(BATCH, 2 * BATCH) + 1
        return door.tried(door.other.batch(first).model_dump(mode="json"))
    return door.tried(door.pending, door.other.session.token)


def _seal(door: Door, drawn: random.Random) -> str:
    request = door.bent()
    match drawn.randrange(4):
        case 0 | 1:
            request["seal"] = forged(request["seal"], drawn)
        case 2:
            request["seal"] = drawn.choice(
                (*door.old_receipts, door.run.session.grant, door.run.session.policy)
            )
        case _:
            run = drawn.choice((door.other, door.before))
            request["seal"] = run.pen.seal(drawn.choice((run.signer, door.run.signer)))
    return door.tried(request)


def _tick(door: Door, drawn: random.Random) -> str:
    request = door.bent()
    tick = request["tick"]
    match drawn.randrange(4):
        case 0:
            tick["body"] = another_time(tick["body"], drawn)
        case 1:
            tick["mac"] = drawn.choice(request["records"])["mac"]
        case 2:
            tick["seq"] += drawn.choice((1, 5))
        case _:
            tick["body"] = drawn.choice(request["records"])["body"]
    return door.tried(request)


def _token(door: Door, drawn: random.Random) -> str:
    token = drawn.choice((door.before.session.token, "", "x" * 43))
    if drawn.random() < 0.8:
        token = deed.flipped_text(door.run.session.token, drawn)
    return door.tried(door.pending, token or "-")


def _k0(door: Door, drawn: random.Random) -> str:
    """The run's first key, changed on its way to the client: its first record shows it."""
    request, run = door.bent(), door.run
    state = links.start(run.chain, run.session.grant, deed.flipped(b"\x00" * 32, drawn))
    state = links.ChainState(
        run.chain, request["records"][0]["seq"] - 1, run.records[-BATCH - 1].head, state.key
    )
    for wire in request["records"]:
        state, record = links.append(state, wire["body"].encode())
        wire["mac"] = seal.to_base64url(record.mac)
    return door.tried(request)


@dataclass
class Album:
    """A picture that the platform expects, and others that it does not."""

    door: Door
    named: tuple[str, bytes] = field(init=False)
    kept: tuple[str, bytes] = field(init=False)
    stranger: KeySigner | None = None

    def __post_init__(self) -> None:
        run = self.door.run
        key = run.accepted.evidence_key
        assert key is not None
        pictures = []
        for content in (b"\xff\xd8 one \xff\xd9", b"\xff\xd8 two \xff\xd9"):
            sealed = sealing.seal_picture(content, key)
            sha256 = hashlib.sha256(sealed).hexdigest()
            fact = SnapshotTaken(
                lesson="first", why="between", sha256=sha256, size_bytes=len(sealed)
            )
            run.state(fact)
            pictures.append((sha256, sealed))
        self.named, self.kept = pictures
        first = self.door.pending["records"][0]["seq"]
        good(run.post("/records", run.batch(first)), RecordAnswer)
        assert self.put(*self.kept) == 200
        self.door.renew()

    def put(self, sha256: str, sealed: bytes, token: str = "") -> int:
        token = token or self.door.run.session.token
        headers = {"Authorization": f"Bearer {token}", "Content-Type": sealing.MEDIA_TYPE}
        answer = self.door.local.http.put(f"/evidence/{sha256}", content=sealed, headers=headers)
        return int(answer.status_code)

    def judged(self, status: int) -> str:
        if status >= 500:
            raise deed.UnseenError(f"status {status}")
        return "platform" if status >= 400 else "nobody"


def _picture_flip(album: Album, drawn: random.Random) -> str:
    sha256, sealed = album.named
    changed = deed.flipped(sealed, drawn)
    named = hashlib.sha256(changed).hexdigest() if drawn.random() < 0.5 else sha256
    return album.judged(album.put(named, changed))


def _picture_cut(album: Album, drawn: random.Random) -> str:
    sha256, sealed = album.named
    return album.judged(album.put(sha256, sealed[: drawn.randrange(len(sealed))]))


def _picture_swap(album: Album, drawn: random.Random) -> str:
    """Another picture under its name, also one sealed as it should be."""
    key = album.door.run.accepted.evidence_key
    assert key is not None
    sealed = drawn.choice((album.kept[1], sealing.seal_picture(drawn.randbytes(40), key)))
    return album.judged(album.put(album.named[0], sealed))


def _picture_of_another(album: Album, drawn: random.Random) -> str:
    """Put by another learner."""
    token = album.door.other.session.token
    return album.judged(album.put(*drawn.choice((album.named, album.kept)), token=token))


_FOUND = ("platform",)
DEEDS: tuple[Deed[Door], ...] = (
    Deed("request", "a byte flipped", 150, _flip, _FOUND, (deed.SAME_ANSWER,)),
    Deed("request", "a byte of the packed body flipped", 80, _flip_zipped, _FOUND,
         (deed.SAME_ANSWER,)),
    Deed("request", "cut off", 100, _cut, _FOUND),
    Deed("request", "a record dropped from the middle", 50, _changed(_drop), _FOUND),
    Deed("request", "the newest records and the seal taken out", 25, _cut_tail, _FOUND,
         (deed.SENT_AGAIN,)),
    Deed("request", "records swapped", 60, _changed(_swap), _FOUND),
    Deed("request", "MACs swapped", 60, _changed(_macs), _FOUND),
    Deed("request", "sent again", 25, _replay, (), (deed.SENT_TWICE,)),
    Deed("request", "a record of another learner, run or place", 70, _changed(_splice), _FOUND),
    Deed("request", "a batch of another learner, or under their token", 40, _of_another, _FOUND),
    Deed("request", "a clock or beacon moved", 70, _changed(_clock), _FOUND),
    Deed("request", "a statement written another way", 70, _changed(_reencode), _FOUND),
    Deed("request", "a seal of another algorithm, key, purpose or run", 80, _seal, _FOUND),
    Deed("request", "the open tick bent", 50, _tick, _FOUND),
    Deed("request", "another token", 40, _token, _FOUND),
    Deed("request", "made under another first key", 25, _k0, _FOUND),
)  # fmt: skip
PICTURES: tuple[Deed[Album], ...] = (
    Deed("picture", "a byte flipped", 120, _picture_flip, _FOUND),
    Deed("picture", "cut off", 40, _picture_cut, _FOUND),
    Deed("picture", "another picture under its name", 60, _picture_swap, _FOUND),
    Deed("picture", "put by another learner", 20, _picture_of_another, _FOUND),
)
