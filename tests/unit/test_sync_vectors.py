"""docs/vectors says what the code does; `python -m tests.unit.test_sync_vectors` renews it."""

import json
import random
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from docs import verify_independent
from sync import bundle, chain, seal, suites, trust
from sync.adapters import gm
from sync.contract import Receipt
from sync.sm2 import offer
from sync.verify import verify
from tests import vector_maker

CRYPTOGRAPHY = (InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion)
DOCS = vector_maker.FOLDER.parent
BOTH = pytest.mark.parametrize("suite", suites.ALL, ids=lambda suite: suite.name)


@cache
def told(suite: suites.Suite) -> Any:
    return json.loads(vector_maker.file_of(suite).read_text("utf-8"))


@pytest.fixture(autouse=True)
def _engine() -> None:
    offer(gm.load)


@BOTH
def test_the_published_vectors_are_what_the_code_makes(suite: suites.Suite) -> None:
    assert vector_maker.file_of(suite).read_text("utf-8") == vector_maker.make(suite)


@BOTH
def test_the_program_takes_what_is_right(suite: suites.Suite) -> None:
    vector = told(suite)
    pem = vector["platform"]["certificate"]
    findings = verify(vector["bundle"].encode(), pem)
    assert findings.ok, findings.explain("en")
    state = chain.start(vector["chain"], vector["grant"], bytes.fromhex(vector["k0"]))
    assert state.head.hex() == vector["h0"]
    for record in vector["records"]:
        mac = bytes.fromhex(record["mac"])
        state, made = chain.accept(state, record["seq"], record["body"].encode(), mac)
        assert made.head.hex() == record["head"]
    tick = vector["tick"]
    chain.accept_tick(state, tick["seq"], tick["body"].encode(), bytes.fromhex(tick["mac"]))


@BOTH
def test_the_program_refuses_what_must_be_refused(suite: suites.Suite) -> None:
    vector = told(suite)
    platform = trust.load(vector["platform"]["certificate"])
    for bad in vector["refused"]:
        if bad["what"] == "signed":
            assert not taken(bad["token"], bad["kind"], platform), bad["why"]
        elif bad["what"] == "beacon":
            trail = chain.BeaconTrail(bad["after"], bytes.fromhex(bad["known"]), suite)
            with pytest.raises(chain.ChainError):
                trail.advance(bad["index"], bad["value"])
        else:
            assert not verify(bent(vector, bad), vector["platform"]["certificate"]).ok, bad["why"]


def taken(token: str, kind: seal.Kind, certificate: x509.Certificate) -> bool:
    try:
        seal.read(token, kind, certificate, Receipt)
    except seal.SealError:
        return False
    return True


def bent(vector: Any, bad: Any) -> bytes:
    """The bundle with other lines, and a digest that fits them."""
    lines = vector["bundle"].split("\n")[:-2]
    lines[bad["line"] - 1 : bad["line"]] = bad["texts"]
    body = "".join(line + "\n" for line in lines).encode()
    return body + bundle.end_line(len(lines), body) + b"\n"


def test_a_second_verifier_agrees() -> None:
    """It shares no code with the program: what both say is likely to be so."""
    done = run("verify_vectors.py", str(vector_maker.FOLDER))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("refused") == len(suites.ALL)


@BOTH
def test_a_second_verifier_refuses_bundles_that_were_bent(
    suite: suites.Suite, tmp_path: Path
) -> None:
    vector = told(suite)
    pem, file = tmp_path / "platform.pem", tmp_path / "run.anxue"
    pem.write_text(vector["platform"]["certificate"], "ascii")
    whole = vector["bundle"].encode()
    middle = len(whole) // 2
    for data, code in (
        (whole, 0),
        (whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], 1),
        (bent(vector, next(bad for bad in vector["refused"] if bad["what"] == "bundle")), 1),
        (whole[:-1], 1),
        (b"", 1),
    ):
        file.write_bytes(data)
        done = run("verify_independent.py", str(file), str(pem))
        assert done.returncode == code, done.stdout + done.stderr
    other = told(suites.RSA if suite is suites.SM2 else suites.SM2)
    file.write_bytes(whole)
    pem.write_text(other["platform"]["certificate"], "ascii")
    assert run("verify_independent.py", str(file), str(pem)).returncode == 1
    assert run("verify_independent.py", str(tmp_path / "none"), str(pem)).returncode == 2


@BOTH
def test_no_byte_of_a_bundle_can_be_changed_for_the_second_verifier(suite: suites.Suite) -> None:
    """Also when who changed it makes the last line's digest anew."""
    vector, chance = told(suite), random.Random(6)
    platform = x509.load_pem_x509_certificate(vector["platform"]["certificate"].encode())
    lines = vector["bundle"].encode().split(b"\n")
    body = b"".join(line + b"\n" for line in lines[:-2])
    assert verify_independent.check_bundle(body + lines[-2] + b"\n", platform) == (5, 1)
    for _ in range(250 if suite is suites.RSA else 10):
        changed = bytearray(body)
        changed[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        end = bundle.end_line(changed.count(b"\n"), bytes(changed))
        with pytest.raises((ValueError, LookupError, TypeError, AttributeError, *CRYPTOGRAPHY)):
            verify_independent.check_bundle(bytes(changed) + end + b"\n", platform)


@BOTH
@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        (1, '"index":1,', '"index":1.0,'),
        (1, '"index":1,', '"index":true,'),
        (1, '"index":1,', '"more":1,"index":1,'),
        (1, '"beacon":{"index":1,', '"beacon":{"index":1,"again":0,'),
        (2, '"seq":1,', '"seq":1.0,'),
        (2, '"seq":1,', '"seq":true,'),
        (2, '"seq":1,', '"seq":-1,'),
        (2, '"seq":1,', '"seq":0,'),
        (2, '"seq":1,', '"seq":9007199254740991,'),
        (2, '"seq":1,', '"seq":"1",'),
        (-1, '"records":5,', '"records":5.0,'),
        (-1, '"records":5,', '"records":-5,'),
    ],
)
def test_both_verifiers_refuse_another_text_of_the_same_value(
    suite: suites.Suite, line: int, before: str, after: str
) -> None:
    """Neither breaks on it, and neither takes what the other one refuses."""
    vector = told(suite)
    lines = vector["bundle"].split("\n")[:-2]
    assert before in lines[line]
    lines[line] = lines[line].replace(before, after)
    body = "".join(each + "\n" for each in lines).encode()
    data = body + bundle.end_line(len(lines), body) + b"\n"
    pem = vector["platform"]["certificate"]
    assert not verify(data, pem).ok
    with pytest.raises(ValueError, match="·"):
        verify_independent.check_bundle(data, x509.load_pem_x509_certificate(pem.encode()))


def test_both_verifiers_follow_a_beacon_equally_far() -> None:
    last = bytes(32)
    first = chain.hash_times(last, chain.MAX_BEACON_STEP)
    for steps, start in ((chain.MAX_BEACON_STEP, first), (5000, chain.hash_times(last, 5000))):
        told = {"index": steps, "value": last.hex()}
        assert chain.BeaconTrail(0, start).advance(steps, last.hex()).index == steps
        assert verify_independent.follow("RS256", (0, start), told) == (steps, last)
    over = {"index": chain.MAX_BEACON_STEP + 1, "value": last.hex()}
    with pytest.raises(chain.ChainError):
        chain.BeaconTrail(0, first).advance(chain.MAX_BEACON_STEP + 1, last.hex())
    with pytest.raises(ValueError, match="out of order"):
        verify_independent.follow("RS256", (0, first), over)


def test_the_second_verifier_is_small_and_stands_alone() -> None:
    text = (DOCS / "verify_independent.py").read_text("utf-8")
    assert len(text.splitlines()) <= 200
    assert "import sync" not in text
    assert "from sync" not in text


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Away from the program's folder, so that nothing of it can be imported."""
    command = [sys.executable, "-I", str(DOCS / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


if __name__ == "__main__":
    vector_maker.FOLDER.mkdir(exist_ok=True)
    if not vector_maker.KEYS.exists():
        vector_maker.KEYS.write_text(vector_maker.make_keys(), "utf-8")
    for each in suites.ALL:
        vector_maker.file_of(each).write_text(vector_maker.make(each), "utf-8")
