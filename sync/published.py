"""A bundle against the platform's published roots: pure, and for anybody.

    examine(roots_file, platform_certificate, runs) -> doubts

What this adds to the bundle's own signatures: every record that was receipted before the
newest root's day ended must stand under a root, as it stood then. So it shows a history that
somebody (who may hold the platform's own key) wrote anew later, and a run whose end was cut off.
The file itself need not be trusted: a proof that is left out is missed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from pydantic import ValidationError

from sync import seal, strictjson, trust
from sync.merkle import Leaf, MerkleError, leaf_hash, root_of_path
from sync.operations import ChainProofs, Inclusion, PublishedRoots, Root

MAX_FILE = 64 * 1024 * 1024
_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Receipted:
    """One run of a bundle. heads: by record. receipts: what was confirmed, and its arrival."""

    chain: str
    heads: Mapping[int, bytes]
    receipts: Sequence[tuple[int, datetime]]


@dataclass(frozen=True, slots=True)
class Doubt:
    """code: of `sync.findings`. chain: "" for the roots themselves."""

    code: str
    chain: str = ""
    seq: int = 0
    detail: str = ""


def examine(
    data: bytes, platform: x509.Certificate, runs: Sequence[Receipted]
) -> tuple[Doubt, ...]:
    """Everything that does not fit. Never raises on what is in the file."""
    try:
        told = PublishedRoots.model_validate(
            strictjson.loads(data, max_bytes=MAX_FILE), strict=False
        )
        roots = read_roots(told.roots, platform)
    except (strictjson.JsonError, ValidationError, ValueError) as error:
        return (Doubt("roots", detail=str(error)[:200]),)
    proofs = {each.chain: each for each in told.proofs}
    doubts: list[Doubt] = []
    for run in runs:
        doubts += _examine_run(run, proofs.get(run.chain), roots)
    return tuple(doubts)


def read_roots(texts: Sequence[str], platform: x509.Certificate) -> dict[str, Root]:
    """By day. Raises ValueError unless each is signed, and they are one unbroken chain."""
    roots: dict[str, Root] = {}
    before, until, number = _FIRST, "", 0
    for text in texts:
        root = seal.read(text, "root", platform, Root)
        trust.check_platform(platform, trust.parse_time(root.made_at))
        number += 1
        if root.number != number or root.previous != before:
            raise ValueError(f"root {root.number} does not follow the one before it")
        if until and trust.parse_time(root.since) < trust.parse_time(until):
            raise ValueError(f"the day of root {root.number} began before the last one ended")
        if trust.parse_time(root.until) <= trust.parse_time(root.since):
            raise ValueError(f"the day of root {root.number} ends before it begins")
        roots[root.day] = root
        before, until = seal.text_sha256(text), root.until
    if not roots:
        raise ValueError("no roots")
    if len(roots) != number:
        raise ValueError("a day has two roots")
    return roots


def _examine_run(
    run: Receipted, told: ChainProofs | None, roots: Mapping[str, Root]
) -> list[Doubt]:
    doubts: list[Doubt] = []
    rooted = 0
    for proof in told.proofs if told else ():
        if not _leads(run.chain, proof, roots.get(proof.day)):
            doubts.append(Doubt("proof", run.chain, proof.seq, proof.day))
            continue
        rooted = max(rooted, proof.seq)
        head = run.heads.get(proof.seq)
        if head is None:
            doubts.append(Doubt("cut", run.chain, proof.seq, proof.day))
        elif head.hex() != proof.head:
            doubts.append(Doubt("rooted", run.chain, proof.seq, proof.day))
    closed = max(trust.parse_time(root.until) for root in roots.values())
    due = max((seq for seq, at in run.receipts if at < closed), default=0)
    if due > rooted:
        doubts.append(Doubt("unrooted", run.chain, due))
    elif max((seq for seq, _ in run.receipts), default=0) > rooted:
        doubts.append(Doubt("not_yet", run.chain, rooted))
    return doubts


def _leads(chain: str, proof: Inclusion, root: Root | None) -> bool:
    if root is None:
        return False
    try:
        leaf = leaf_hash(Leaf("chain", chain, proof.seq, bytes.fromhex(proof.head)).data())
        path = [bytes.fromhex(each) for each in proof.path]
        return root_of_path(leaf, proof.place, root.size, path).hex() == root.root
    except MerkleError:
        return False
