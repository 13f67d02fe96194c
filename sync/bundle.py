"""The record bundle, `.anxue`: everything about some runs, as lines of canonical JSON.

    {"type":"anxue-bundle","version":1,"chains":N}
    {"type":"chain","chain":…,"grant":…,"policy":…,"certificate":…,"beacon":{…}}
    {"type":"record","seq":1,"head":…,"body":…}       body: the statement's exact text
    {"type":"seal","jws":…}                            right after the record it covers
    {"type":"receipt","jws":…}                         likewise, after the seals
    …
    {"type":"chain-end","chain":…,"records":N,"seals":N,"receipts":N}
    {"type":"end","lines":N,"sha256":…}                over all bytes before this line

There is one text for one content, so the same store exports the same bytes. `head`
repeats what can be computed, so that a damaged record is found where it stands. MACs are
left out: only the platform could check them, and a byte that nobody can check could be
changed unseen. The platform's certificate is left out too: trust comes from elsewhere.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sync import strictjson

VERSION = 1
MAX_LINE = 256 * 1024


@dataclass(frozen=True, slots=True)
class BundledRecord:
    """head: h_seq, 32 bytes. body: the statement's exact bytes."""

    seq: int
    head: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A seal or receipt as it came; seq: the record that it covers, 0 for none."""

    seq: int
    jws: str


@dataclass(frozen=True, slots=True)
class BundledChain:
    """One run. certificate: the run's, PEM. beacon: the one of sign-in, value in hex."""

    chain: str
    grant: str
    policy: str
    certificate: str
    beacon_index: int
    beacon_value: str
    records: tuple[BundledRecord, ...]
    seals: tuple[Signed, ...]
    receipts: tuple[Signed, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bundle: number from 1, offset of its first byte, its bytes without LF."""

    number: int
    offset: int
    data: bytes


def write(chains: Sequence[BundledChain]) -> bytes:
    """The bundle's bytes."""
    lines = [strictjson.dumps({"type": "anxue-bundle", "version": VERSION, "chains": len(chains)})]
    for chain in chains:
        lines.extend(strictjson.dumps(line) for line in _chain_lines(chain))
    body = b"".join(line + b"\n" for line in lines)
    return body + end_line(len(lines), body) + b"\n"


def end_line(lines: int, body: bytes) -> bytes:
    """The last line for `lines` lines that are the bytes `body`."""
    digest = hashlib.sha256(body).hexdigest()
    return strictjson.dumps({"type": "end", "lines": lines, "sha256": digest})


def split(data: bytes) -> Iterator[Line]:
    """The lines of a bundle, whatever is in them; an unfinished last one too."""
    offset, number = 0, 1
    while offset < len(data):
        end = data.find(b"\n", offset)
        end = len(data) if end < 0 else end
        yield Line(number, offset, data[offset:end])
        offset, number = end + 1, number + 1


def _chain_lines(chain: BundledChain) -> Iterator[dict[str, Any]]:
    yield {
        "type": "chain",
        "chain": chain.chain,
        "grant": chain.grant,
        "policy": chain.policy,
        "certificate": chain.certificate,
        "beacon": {"index": chain.beacon_index, "value": chain.beacon_value},
    }
    yield from _signed_lines(chain, 0)
    for record in chain.records:
        yield {
            "type": "record",
            "seq": record.seq,
            "head": record.head.hex(),
            "body": record.body.decode("utf-8"),
        }
        yield from _signed_lines(chain, record.seq)
    yield {
        "type": "chain-end",
        "chain": chain.chain,
        "records": len(chain.records),
        "seals": len(chain.seals),
        "receipts": len(chain.receipts),
    }


def _signed_lines(chain: BundledChain, seq: int) -> Iterator[dict[str, Any]]:
    for jws in _at(chain.seals, seq):
        yield {"type": "seal", "jws": jws}
    for jws in _at(chain.receipts, seq):
        yield {"type": "receipt", "jws": jws}


def _at(signed: Iterable[Signed], seq: int) -> Iterator[str]:
    return (item.jws for item in signed if item.seq == seq)
