"""Bundles: what an auditor with nothing but the platform's certificate finds."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from sync import bundle, chain, strictjson
from sync.bundle import BundledChain, BundledRecord
from sync.verify import verify
from tests.tampering import deed
from tests.tampering.deed import Deed
from tests.tampering.forge import another_time, forged, reencoded


@dataclass(frozen=True)
class Audit:
    """Two runs of one learner, the second naming the first; a run of another learner."""

    runs: tuple[BundledChain, BundledChain]
    other: BundledChain
    certificate: str

    @cached_property
    def whole(self) -> bytes:
        return bundle.write(self.runs)

    @cached_property
    def small(self) -> bytes:
        """One run of few records, with a line of every kind."""
        run = self.runs[0]
        return bundle.write(
            [replace(run, records=run.records[:2], seals=run.seals[:1], receipts=run.receipts[:1])]
        )

    def judged(self, data: bytes) -> str:
        if data in (self.whole, self.small):
            raise deed.UnseenError("nothing was changed")
        return "nobody" if verify(data, self.certificate).ok else "auditor"

    def rewritten(self, change: Callable[[list[bytes]], None], *, recount: bool) -> str:
        """Change the lines; a skilled forger puts counts and digest right again."""
        lines = self.whole.splitlines()
        change(lines)
        return self.judged(_recounted(lines) if recount else b"\n".join(lines) + b"\n")

    @cached_property
    def kinds(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, line in enumerate(self.whole.splitlines()):
            found.setdefault(json.loads(line)["type"], []).append(place)
        return found


def _recounted(lines: list[bytes]) -> bytes:
    fixed: list[bytes] = []
    counts: dict[str, int] = {}
    for line in lines[:-1]:
        value = json.loads(line)
        kind = value["type"]
        if kind == "chain":
            counts = {"record": 0, "seal": 0, "receipt": 0}
        elif kind in counts:
            counts[kind] += 1
        elif kind == "chain-end":
            value |= {f"{name}s": number for name, number in counts.items()}
            line = strictjson.dumps(value)  # noqa: PLW2901
        fixed.append(line)
    body = b"".join(line + b"\n" for line in fixed)
    return body + bundle.end_line(len(fixed), body) + b"\n"


def _flip(audit: Audit, drawn: random.Random) -> str:
    data = audit.whole if drawn.random() < 0.02 else audit.small
    return audit.judged(deed.flipped(data, drawn))


def _longer_or_shorter(audit: Audit, drawn: random.Random) -> str:
    data = audit.small
    place = drawn.randrange(len(data))
    if drawn.random() < 0.5:
        return audit.judged(data[:place] + data[place + 1 :])
    return audit.judged(data[:place] + bytes([drawn.randrange(256)]) + data[place:])


def _cut(audit: Audit, drawn: random.Random) -> str:
    return audit.judged(audit.small[: drawn.randrange(len(audit.small))])


def _drop(audit: Audit, drawn: random.Random) -> str:
    """Of the records that a receipt covers; of the run's end see `_cut_at_receipt`."""
    places = audit.kinds["record"]

    def change(lines: list[bytes]) -> None:
        del lines[drawn.choice(places)]

    return audit.rewritten(change, recount=drawn.random() < 0.7)


def _swap(audit: Audit, drawn: random.Random) -> str:
    one, two = drawn.sample(audit.kinds[drawn.choice(("record", "receipt", "seal"))], 2)

    def change(lines: list[bytes]) -> None:
        lines[one], lines[two] = lines[two], lines[one]

    return audit.rewritten(change, recount=drawn.random() < 0.7)


def _repeat(audit: Audit, drawn: random.Random) -> str:
    place = drawn.choice(audit.kinds["record"])

    def change(lines: list[bytes]) -> None:
        lines.insert(place + drawn.randrange(3), lines[place])

    return audit.rewritten(change, recount=drawn.random() < 0.7)


def _splice(audit: Audit, drawn: random.Random) -> str:
    """A record of another learner, or of the other run, with every hash made to fit."""
    run, source = audit.runs[0], drawn.choice((audit.other, audit.runs[1]))
    place = drawn.randrange(min(len(run.records), len(source.records)))
    bodies = [record.body for record in run.records]
    bodies[place] = source.records[place].body
    return audit.judged(bundle.write([_rehashed(run, bodies), audit.runs[1]]))


def _whole_run(audit: Audit, drawn: random.Random) -> str:
    """The records of another learner under this one's grant, or the grant under theirs."""
    run, other = audit.runs[0], audit.other
    parts = ("grant", "records", "receipts", "seals", "certificate", "policy")
    chosen = drawn.sample(parts[:5], drawn.randrange(1, 3))
    mixed = replace(run, **{part: getattr(other, part) for part in chosen})
    return audit.judged(bundle.write([mixed, audit.runs[1]]))


def _clock(audit: Audit, drawn: random.Random) -> str:
    """A moment is moved and every hash behind it computed anew."""
    run = audit.runs[0]
    place = drawn.randrange(len(run.records))
    bodies = [record.body for record in run.records]
    bodies[place] = another_time(bodies[place].decode(), drawn).encode()
    return audit.judged(bundle.write([_rehashed(run, bodies), audit.runs[1]]))


def _reencode(audit: Audit, drawn: random.Random) -> str:
    """The same content in another text: of a statement, rehashed, or of a whole line."""
    if drawn.random() < 0.5:
        run = audit.runs[0]
        place = drawn.randrange(len(run.records))
        bodies = [record.body for record in run.records]
        bodies[place] = reencoded(bodies[place].decode(), drawn).encode()
        return audit.judged(bundle.write([_rehashed(run, bodies), audit.runs[1]]))

    lines = audit.whole.splitlines()
    place = drawn.randrange(len(lines) - 1)
    lines[place] = reencoded(lines[place].decode(), drawn).encode().replace(b"\n", b" ")
    body = b"".join(line + b"\n" for line in lines[:-1])
    return audit.judged(body + bundle.end_line(len(lines) - 1, body) + b"\n")


def _algorithm(audit: Audit, drawn: random.Random) -> str:
    kind = drawn.choice(("seal", "receipt", "chain"))
    place = drawn.choice(audit.kinds[kind])

    def change(lines: list[bytes]) -> None:
        value = json.loads(lines[place])
        name = drawn.choice(("grant", "policy")) if kind == "chain" else "jws"
        value[name] = forged(value[name], drawn)
        lines[place] = strictjson.dumps(value)

    return audit.rewritten(change, recount=True)


def _old_receipt(audit: Audit, drawn: random.Random) -> str:
    """A receipt, or a seal, of an earlier place or another run in the place of a later one."""
    kind = drawn.choice(("receipt", "seal"))
    old, new = sorted(drawn.sample(audit.kinds[kind], 2))

    def change(lines: list[bytes]) -> None:
        lines[new] = lines[old]

    return audit.rewritten(change, recount=True)


def _cut_at_receipt(audit: Audit, drawn: random.Random) -> str:
    """The end of a run at a receipt, whole in itself: the next run names what is missing."""
    run = audit.runs[0]
    keep = drawn.randrange(1, len(run.receipts))
    last = run.receipts[keep - 1].seq
    shorter = replace(
        run,
        records=run.records[:last],
        receipts=run.receipts[:keep],
        seals=tuple(sealed for sealed in run.seals if sealed.seq <= last),
    )
    return audit.judged(bundle.write([shorter, audit.runs[1]]))


def _rehashed(run: BundledChain, bodies: list[bytes]) -> BundledChain:
    head, records = chain.genesis(run.grant), []
    for seq, body in enumerate(bodies, start=1):
        head = chain.link(run.chain, seq, head, body)
        records.append(BundledRecord(seq, head, body))
    return replace(run, records=tuple(records))


_FOUND = ("auditor",)
DEEDS: tuple[Deed[Audit], ...] = (
    Deed("bundle", "a byte flipped", 1500, _flip, _FOUND),
    Deed("bundle", "a byte put in or taken out", 300, _longer_or_shorter, _FOUND),
    Deed("bundle", "cut off anywhere", 300, _cut, _FOUND),
    Deed("bundle", "a record dropped, counts and digest put right", 50, _drop, _FOUND),
    Deed("bundle", "records, seals or receipts swapped", 50, _swap, _FOUND),
    Deed("bundle", "a record repeated", 50, _repeat, _FOUND),
    Deed("bundle", "a record of another learner or run, hashes made to fit", 70, _splice, _FOUND),
    Deed("bundle", "grant, certificate or records of another learner", 50, _whole_run, _FOUND),
    Deed("bundle", "a clock moved, hashes made to fit", 70, _clock, _FOUND),
    Deed("bundle", "JSON written another way", 70, _reencode, _FOUND),
    Deed("bundle", "another algorithm, header, key or purpose", 80, _algorithm, _FOUND),
    Deed("bundle", "an old receipt or seal in a later place", 50, _old_receipt, _FOUND),
    Deed("bundle", "a run cut off at a receipt, the next run there", 30, _cut_at_receipt, _FOUND),
)
