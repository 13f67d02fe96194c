"""A bundle is examined with nothing but the platform's certificate.

    verify(bundle_bytes, platform_certificate_pem) -> Findings

Every byte is covered: each line must be the one text of its content, each record must
fit the hash chain and be a statement in its one form, each signed text must verify, and
the last line's digest covers all the rest. A fault does not end the examination; the
next line is read as if nothing had happened, so that all faults are found, each in its
place.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509

from sync import bundle, published, records, seal, strictjson, suites, trust
from sync import chain as links
from sync.bundle import Line
from sync.contract import Beacon, Grant, Policy, Receipt, Seal
from sync.facts import SessionEnded, SessionStarted
from sync.findings import ChainSummary, Finding, Findings, Severity

# Events of one moment may be written in another order than their clock readings.
CLOCK_TOLERANCE_NS = 1_000_000_000


def verify(data: bytes, platform_certificate: str, roots: bytes | None = None) -> Findings:
    """Examine a bundle. Never raises on what is in it: what is wrong is a finding.

    roots: the platform's published roots and proofs (`sync.published`), to be held against it.
    """
    return _Examination(data, roots).examine(platform_certificate)


@dataclass(slots=True)
class _Run:
    """One chain while it is being read."""

    chain: str
    line: Line
    suite: suites.Suite = suites.RSA
    grant: Grant | None = None
    certificate: x509.Certificate | None = None
    beacons: links.BeaconTrail | None = None
    head: bytes = b""
    heads: dict[int, bytes] = field(default_factory=dict)
    seq: int = 0
    records: int = 0
    seals: int = 0
    receipts: int = 0
    sealed: int = 0
    confirmed: int = 0
    confirmed_at: str = ""
    received: datetime | None = None
    arrivals: list[tuple[int, datetime]] = field(default_factory=list)
    mono_ns: int = 0
    started: SessionStarted | None = None
    ended: bool = False
    last_line: Line | None = None

    def summary(self) -> ChainSummary:
        return ChainSummary(
            chain=self.chain,
            learner=self.grant.learner if self.grant else "",
            issued_at=self.grant.issued_at if self.grant else "",
            records=self.records,
            seals=self.seals,
            receipts=self.receipts,
            confirmed=self.confirmed,
            confirmed_at=self.confirmed_at,
        )


class _Examination:
    def __init__(self, data: bytes, roots: bytes | None = None) -> None:
        self._data = data
        self._roots = roots
        self._found: list[Finding] = []
        self._runs: list[_Run] = []
        self._run: _Run | None = None
        self._platform: x509.Certificate | None = None
        self._announced = -1
        self._ended = False

    def examine(self, platform_certificate: str) -> Findings:
        """Read all lines, then look at what only the whole can tell."""
        try:
            self._platform = trust.load(platform_certificate)
        except (trust.TrustError, UnicodeEncodeError) as error:
            self._fault("anchor", None, str(error))
        for line in bundle.split(self._data):
            self._line(line)
        self._finish_run()
        if not self._ended or not self._data.endswith(b"\n"):
            last = Line(0, len(self._data), b"")
            self._fault("structure", last, "the bundle has no end")
        if self._announced != len(self._runs):
            first = next(bundle.split(self._data), None)
            self._fault("structure", first, f"{len(self._runs)} runs, {self._announced} announced")
        self._compare_runs()
        self._compare_roots()
        return Findings(
            findings=tuple(sorted(self._found, key=lambda found: (found.offset, found.code))),
            chains=tuple(run.summary() for run in self._runs),
            size_bytes=len(self._data),
            sha256=hashlib.sha256(self._data).hexdigest(),
        )

    def _line(self, line: Line) -> None:
        try:
            value = strictjson.loads(line.data, max_bytes=bundle.MAX_LINE)
            canonical = strictjson.dumps(value)
        except strictjson.JsonError as error:
            self._fault("form", line, str(error))
            self._skip(line)
            return
        if canonical != line.data:
            self._fault("form", line, "not canonical")
        if self._ended:
            self._fault("structure", line, "after the end")
            return
        kind = value.get("type") if isinstance(value, dict) else None
        try:
            self._dispatch(kind, value, line)
        except (strictjson.JsonError, ValueError, TypeError) as error:
            self._fault("structure", line, str(error))
            self._skip(line)

    def _dispatch(self, kind: Any, value: Any, line: Line) -> None:
        if line.number == 1 or kind == "anxue-bundle":
            _, version, announced = strictjson.members(value, "type", "version", "chains")
            whole = type(version) is int  # 1.0 and true are 1 as well, and other texts
            if not whole or (kind, version, line.number) != ("anxue-bundle", bundle.VERSION, 1):
                raise ValueError("not the first line of a bundle that we know")
            self._announced = announced if type(announced) is int else -1
        elif kind == "chain":
            self._begin_run(value, line)
        elif kind == "end":
            self._end(value, line)
        elif self._run is None:
            raise ValueError(f"{kind!r} outside a run")
        elif kind == "record":
            self._record(self._run, value, line)
        elif kind == "seal":
            self._seal(self._run, value, line)
        elif kind == "receipt":
            self._receipt(self._run, value, line)
        elif kind == "chain-end":
            self._chain_end(self._run, value, line)
        else:
            raise ValueError(f"unknown line {kind!r}")

    def _skip(self, line: Line) -> None:
        """An unreadable line most likely was a record: do not blame those that follow."""
        if self._run is not None and b'"record"' in line.data:
            self._run.seq += 1
            self._run.records += 1
            self._run.head = b""

    def _begin_run(self, value: Any, line: Line) -> None:
        self._finish_run()
        _, name, grant, policy, pem, beacon = strictjson.members(
            value, "type", "chain", "grant", "policy", "certificate", "beacon"
        )
        run = self._run = _Run(str(name), line, suites.of_token(str(grant)), last_line=line)
        self._runs.append(run)
        run.head = run.heads[0] = links.genesis(str(grant))
        if self._platform is None:
            return
        try:
            run.grant = seal.read(str(grant), "grant", self._platform, Grant)
            at = trust.parse_time(run.grant.issued_at)
        except ValueError as error:
            run.grant = None
            self._fault("grant", line, str(error))
            return
        self._check_grant(run, run.grant, at, line)
        self._check_policy(run.grant, str(policy), line)
        try:
            run.certificate = trust.load(str(pem))
            trust.check_run(
                run.certificate,
                self._platform,
                at=at,
                chain=run.chain,
                key_sha256=run.grant.key_sha256,
            )
        except ValueError as error:
            self._fault("certificate", line, str(error))
        try:
            strictjson.members(beacon, "index", "value")
            first = Beacon.model_validate(beacon, strict=True)
            committed = links.BeaconTrail.committed(run.grant.seed_commitment, run.suite)
            run.beacons = committed.advance(first.index, first.value)
        except ValueError as error:
            self._fault("beacon", line, str(error))

    def _check_grant(self, run: _Run, grant: Grant, at: datetime, line: Line) -> None:
        assert self._platform is not None
        try:
            trust.check_platform(self._platform, at)
        except trust.TrustError as error:
            self._fault("anchor", line, str(error))
        if grant.chain != run.chain:
            self._fault("grant", line, "it is for another run")
        if grant.suite != run.suite.name:  # the text's header has the anchor's: it is verified
            self._fault("grant", line, f"it names the suite {grant.suite}")
        if grant.demo != trust.is_demo(self._platform):
            self._fault("grant", line, "demo and production are mixed")
        if grant.demo:
            self._note("demo", line)

    def _check_policy(self, grant: Grant, policy: str, line: Line) -> None:
        assert self._platform is not None
        try:
            seal.read(policy, "policy", self._platform, Policy)
        except seal.SealError as error:
            self._fault("policy", line, str(error))
            return
        if seal.text_sha256(policy) != grant.policy_sha256:
            self._fault("policy", line, "not the policy that the grant names")

    def _record(self, run: _Run, value: Any, line: Line) -> None:
        _, seq, head, body = strictjson.members(value, "type", "seq", "head", "body")
        stated, text = bytes.fromhex(head), str(body).encode("utf-8")
        place = type(seq) is int and seq > 0
        if not place or len(stated) != links.HASH_BYTES or stated.hex() != head:
            raise ValueError("malformed record")
        run.records += 1
        if seq != run.seq + 1:
            self._fault("sequence", line, f"{seq} after {run.seq}", seq)
        # After an unreadable line the head before is unknown; the statement still counts.
        if not run.head or links.link(run.chain, seq, run.head, text, run.suite) != stated:
            self._fault("hash", line, "", seq)
        run.seq, run.head, run.last_line = seq, stated, line
        run.heads[seq] = stated
        try:
            statement = records.decode(text)
        except records.RecordError as error:
            self._fault("statement", line, str(error), seq)
            return
        self._check_statement(run, statement, line)

    def _check_statement(self, run: _Run, statement: records.Statement, line: Line) -> None:
        moment, seq = statement.moment, run.seq
        if run.grant is not None:
            grant = run.grant
            expected = records.Context(grant.home_page, grant.learner, run.chain, seq)
            if statement.context != expected:
                self._fault("context", line, "", seq)
        if moment.mono_ns + CLOCK_TOLERANCE_NS < run.mono_ns:
            back_s = (run.mono_ns - moment.mono_ns) / 1e9
            self._fault("clock", line, f"{back_s:.3f} s", seq)
        run.mono_ns = max(run.mono_ns, moment.mono_ns)
        if run.beacons is not None and not 1 <= moment.beacon <= run.beacons.index:
            self._fault("unrevealed", line, "", seq)
        if isinstance(statement.fact, SessionStarted) and seq == 1:
            run.started = statement.fact
        if isinstance(statement.fact, SessionEnded):
            run.ended = True

    def _seal(self, run: _Run, value: Any, line: Line) -> None:
        _, jws = strictjson.members(value, "type", "jws")
        run.seals += 1
        if run.certificate is None:
            return  # said already, and nothing to check it with
        try:
            sealed = seal.read(str(jws), "seal", run.certificate, Seal)
        except seal.SealError as error:
            self._fault("seal", line, str(error), run.seq)
            return
        if (sealed.chain, sealed.seq, sealed.head) != (run.chain, run.seq, run.head.hex()):
            self._fault("seal", line, "it covers something else", run.seq)
            return
        run.sealed = run.seq

    def _receipt(self, run: _Run, value: Any, line: Line) -> None:
        _, jws = strictjson.members(value, "type", "jws")
        run.receipts += 1
        if self._platform is None:
            return
        try:
            receipt = seal.read(str(jws), "receipt", self._platform, Receipt)
            received = trust.parse_time(receipt.received_at)
            if run.beacons is not None:
                run.beacons = run.beacons.advance(receipt.beacon.index, receipt.beacon.value)
        except ValueError as error:
            self._fault("receipt", line, str(error), run.seq)
            return
        if (receipt.chain, receipt.seq, receipt.head) != (run.chain, run.seq, run.head.hex()):
            self._fault("receipt", line, "it covers something else", run.seq)
            return
        if run.received is not None and received < run.received:
            self._fault("receipt", line, "earlier than the one before", run.seq)
        run.received = received
        run.arrivals.append((run.seq, received))
        run.confirmed, run.confirmed_at = run.seq, receipt.received_at

    def _chain_end(self, run: _Run, value: Any, line: Line) -> None:
        _, name, *stated = strictjson.members(
            value, "type", "chain", "records", "seals", "receipts"
        )
        counted = [run.records, run.seals, run.receipts]
        whole = all(type(count) is int for count in stated)
        if name != run.chain or stated != counted or not whole:
            self._fault("structure", line, f"it counts {stated}, there are {counted}")
        self._finish_run(closed=True)

    def _finish_run(self, *, closed: bool = False) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        place = run.last_line
        if not closed:
            self._fault("structure", run.line, "the run has no end line")
        if run.seq > run.confirmed:
            self._fault("unconfirmed", place, str(run.seq - run.confirmed), run.seq)
        elif run.seq > run.sealed:
            self._note("unsealed", place, str(run.seq - run.sealed), run.seq)
        if not run.ended:
            self._note("no_end", place, seq=run.seq)

    def _end(self, value: Any, line: Line) -> None:
        self._finish_run()
        strictjson.members(value, "type", "lines", "sha256")
        self._ended = True
        if bundle.end_line(line.number - 1, self._data[: line.offset]) != line.data:
            self._fault("digest", line)

    def _compare_runs(self) -> None:
        """A run names the head of the one before: a tail that was cut off shows."""
        by_name = {run.chain: run for run in self._runs}
        if len(by_name) != len(self._runs):
            self._fault("structure", None, "a run appears twice")
        for run in self._runs:
            if run.started is None or run.started.previous_chain is None:
                continue
            before = by_name.get(run.started.previous_chain)
            if before is None:
                self._note("previous_absent", run.line, run.started.previous_chain)
            elif before.head.hex() != run.started.previous_head:
                self._fault("previous", run.line)

    def _compare_roots(self) -> None:
        """Whether the platform's published roots have the same records."""
        if self._roots is None or self._platform is None:
            return
        runs = [published.Receipted(run.chain, run.heads, run.arrivals) for run in self._runs]
        for doubt in published.examine(self._roots, self._platform, runs):
            severity: Severity = "note" if doubt.code == "not_yet" else "fault"
            found = Finding(severity, doubt.code, 0, 0, doubt.chain, doubt.seq, doubt.detail)
            self._found.append(found)

    def _fault(self, code: str, line: Line | None, detail: str = "", seq: int = 0) -> None:
        self._add("fault", code, line, detail, seq)

    def _note(self, code: str, line: Line | None, detail: str = "", seq: int = 0) -> None:
        self._add("note", code, line, detail, seq)

    def _add(self, severity: Severity, code: str, line: Line | None, detail: str, seq: int) -> None:
        number, offset = (line.number, line.offset) if line else (0, 0)
        name = self._run.chain if self._run else ""
        self._found.append(Finding(severity, code, number, offset, name, seq, detail))
