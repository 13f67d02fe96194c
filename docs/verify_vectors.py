"""Examine the vectors with the independent verifier: python verify_vectors.py [FOLDER].

What must be right is, what must be refused is refused. 0: all of it; 1: not.
"""

import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from docs import verify_independent as independent

REFUSALS = (
    *(ValueError, KeyError, TypeError, AttributeError),
    *(InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion),
)


def check(told: dict[str, Any]) -> tuple[int, int]:
    """How many things were right and how many refused. Raises ValueError on the first other."""
    platform = x509.load_pem_x509_certificate(told["platform"]["certificate"].encode())
    alg, _, _ = independent.key_of(platform)
    whole = told["bundle"].encode()
    independent.check_bundle(whole, platform)
    _check_macs(told, independent.RULES[alg][1])
    before = (0, bytes.fromhex(told["beacons"][0]))
    for index, value in enumerate(told["beacons"]):
        before = independent.follow(alg, before, {"index": index, "value": value})
    for bad in told["refused"]:
        try:
            _try(bad, whole, platform, alg)
        except REFUSALS:
            continue
        raise ValueError(f"{bad['why']}: 未被拒绝 · was accepted")
    return len(told["records"]), len(told["refused"])


def _check_macs(told: dict[str, Any], hash_name: str) -> None:
    key, head = bytes.fromhex(told["k0"]), b""
    for record in told["records"]:
        key, head = hmac.digest(key, b"evolve", hash_name), bytes.fromhex(record["head"])
        mac = hmac.digest(key, head, hash_name)
        independent.need(mac.hex() == record["mac"], "MAC 不符 · a record's MAC")
    key, tick = hmac.digest(key, b"evolve", hash_name), told["tick"]
    place = independent.lp(b"anxue/tick/1", told["chain"].encode())
    place += tick["seq"].to_bytes(8, "big") + head
    place += hashlib.new(hash_name, tick["body"].encode()).digest()
    mac = hmac.digest(key, place, hash_name)
    independent.need(mac.hex() == tick["mac"], "MAC 不符 · a tick's MAC")


def _try(bad: dict[str, Any], whole: bytes, platform: Any, alg: str) -> None:
    """A signed text, a beacon, or a bundle whose lines are others, with its digest made anew."""
    if bad["what"] == "signed":
        independent.signed(bad["token"], bad["kind"], platform)
    elif bad["what"] == "beacon":
        before = (bad["after"], bytes.fromhex(bad["known"]))
        independent.follow(alg, before, {"index": bad["index"], "value": bad["value"]})
    else:
        lines = [text.encode() for text in whole.decode().split("\n")[:-2]]
        lines[bad["line"] - 1 : bad["line"]] = [text.encode() for text in bad["texts"]]
        body = b"".join(line + b"\n" for line in lines)
        digest = hashlib.sha256(body).hexdigest()
        end = independent.dumps({"type": "end", "lines": len(lines), "sha256": digest})
        independent.check_bundle(body + end + b"\n", platform)


def main(folder: Path) -> int:
    failed = 0
    for path in sorted(folder.glob("*+*.json")):
        try:
            right, refused = check(json.loads(path.read_bytes()))
            print(f"{path.name}: {right} 条相符 · right, {refused} 项被拒 · refused")
        except REFUSALS as error:
            print(f"{path.name}: {error!r}")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "vectors")))
