"""A run as a bundle for an auditor, made of what the platform keeps: `main.py verify` reads it.

Receipts are signed afresh, one for each beacon that was revealed and one for the end: they say
what the platform said then (at that time it held the records up to that number).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import bundle, seal, suites, trust
from sync.contract import Beacon, Receipt, Seal
from sync.reference import seeds
from sync.reference.platform import Platform, timestamp
from sync.reference.tables import BatchRow, ChainRow, PolicyRow, RecordRow, WitnessRow


def of_chain(db: Session, platform: Platform, row: ChainRow) -> bytes:
    """The bundle of one run. About 1 ms of signing for each beacon that it had."""
    query = select(RecordRow).where(RecordRow.chain == row.id).order_by(RecordRow.seq)
    records = tuple(
        bundle.BundledRecord(record.seq, record.head, record.body) for record in db.scalars(query)
    )
    heads = {record.seq: record.head.hex() for record in records}
    certificate = trust.load_all(row.certificate)[0]
    values = _beacons(platform, row)
    told = bundle.BundledChain(
        chain=row.id,
        grant=row.grant,
        policy=db.get_one(PolicyRow, row.policy).text,
        certificate=trust.to_pem(certificate),
        beacon_index=1,
        beacon_value=values[1],
        records=records,
        seals=_seals(db, row),
        receipts=_receipts(db, platform, row, heads, values),
    )
    return bundle.write([told])


def _seals(db: Session, row: ChainRow) -> tuple[bundle.Signed, ...]:
    """Every seal that came with a batch, in the order of what it covers; each once."""
    certificate = trust.load_all(row.certificate)[0]
    query = select(BatchRow.seal).where(BatchRow.chain == row.id, BatchRow.seal.is_not(None))
    texts = dict.fromkeys(text for text in db.scalars(query.order_by(BatchRow.id)) if text)
    signed = (bundle.Signed(seal.read(text, "seal", certificate, Seal).seq, text) for text in texts)
    return tuple(sorted(signed, key=lambda each: each.seq))


def _receipts(
    db: Session, platform: Platform, row: ChainRow, heads: dict[int, str], values: dict[int, str]
) -> tuple[bundle.Signed, ...]:
    query = select(WitnessRow).where(WitnessRow.chain == row.id).order_by(WitnessRow.id)
    witnesses = [each for each in db.scalars(query) if each.seq > 0]
    firsts = {each.beacon: each for each in reversed(witnesses)}
    wanted = {each.id: each for each in (*firsts.values(), *witnesses[-1:])}
    return tuple(
        bundle.Signed(
            each.seq,
            seal.sign(
                Receipt(
                    chain=row.id,
                    seq=each.seq,
                    head=heads[each.seq],
                    beacon=Beacon(index=each.beacon, value=values[each.beacon]),
                    received_at=timestamp(each.at),
                ),
                "receipt",
                platform.keys.signer,
            ),
        )
        for _, each in sorted(wanted.items())
    )


def _beacons(platform: Platform, row: ChainRow) -> dict[int, str]:
    """Every value that was revealed, by its index: one walk down the chain of seeds."""
    last = platform.keys.vault.open(row.seed, f"seed/{row.id}")
    suite = suites.of_token(row.grant)
    value, values = seeds.reveal(last, row.beacon, row.seed_length, suite), {}
    for index in range(row.beacon, 0, -1):
        values[index] = value.hex()
        value = seeds.before(value, suite)
    return values
