"""A second verifier, sharing no code with Anxue: python verify_independent.py BUNDLE PLATFORM.pem

Written from docs/records.md. Ends with 0: all is right; 1: it is not; 2: cannot be read.
"""

# fmt: off
import base64
import hashlib
import json
import sys
import uuid
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF  # the curve SM2
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
SM2_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
Point = tuple[int, int] | None  # None: infinity
# By JWS alg: the suite, its hash, the header's member, the AlgorithmIdentifier in certificates.
RULES = {"RS256": ("RS256+SHA-256", "sha256", "x5t#S256", "300d06092a864886f70d01010b0500"),
         "SM2-SM3": ("SM2+SM3", "sm3", "x5t#SM3", "300a06082a811ccf55018375")}
DEMO = x509.ObjectIdentifier("2.25.319245709342087325984437250417093482751")
SEALING = x509.ObjectIdentifier("2.25.14502114210248457591591725726698811981")
IRI, FORM = "https://w3id.org/anxue/xapi", serialization.Encoding
OWN, SPACE = f"{IRI}/extensions/", uuid.uuid5(uuid.NAMESPACE_URL, IRI)
LINES = {"chain": "type chain grant policy certificate beacon", "record": "type seq head body",
         "seal": "type jws", "receipt": "type jws",
         "chain-end": "type chain records seals receipts"}
MEMBERS = {"grant": "type suite chain learner home_page issued_at expires_at key_sha256 "
           "policy_sha256 seed_commitment seed_length demo", "seal": "type chain seq head beacon",
           "receipt": "type chain seq head beacon received_at"}
def need(right: object, words: str) -> None:
    if not right:
        raise ValueError(words)
def digest(alg: str, data: bytes) -> bytes:
    return hashlib.new(RULES[alg][1], data).digest()
number = int.from_bytes  # big-endian
def lp(*texts: bytes) -> bytes:
    return b"".join(len(text).to_bytes(4, "big") + text for text in texts)
def add(a: Point, b: Point) -> Point:
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    up, across = (3 * a[0] * a[0] - 3, 2 * a[1]) if a == b else (b[1] - a[1], b[0] - a[0])
    slope = up * pow(across, -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P
def times(n: int, point: Point) -> Point:
    return add(times(n // 2, add(point, point)), point if n % 2 else None) if n else None
def check_signature(alg: str, key: Any, data: bytes, signature: bytes) -> None:
    if alg == "RS256":
        key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        return
    r, s = number(signature[:32]), number(signature[32:])
    need(len(signature) == 64 and 0 < r < N and 0 < s < N and (r + s) % N, "签名不符 · signature")
    who = b"\0\x801234567812345678" + b"".join(n.to_bytes(32, "big") for n in (P - 3, B, *G)) + key
    point = add(times(s, G), times((r + s) % N, (number(key[:32]), number(key[32:]))))
    e = number(digest(alg, digest(alg, who) + data)) + (point or (0,))[0]
    need(point and e % N == r, "签名不符 · the signature does not fit")
def key_of(certificate: Any) -> tuple[str, Any, bytes]:
    _, found, after = certificate.tbs_certificate_bytes.partition(SM2_KEY)
    if found:
        x, y = number(after[:32]), number(after[32:64])
        need(max(x, y) < P and (y * y - x**3 + 3 * x - B) % P == 0, "公钥不在曲线上 · no point")
        return "SM2-SM3", after[:64], SM2_KEY + after[:64]
    key = certificate.public_key()
    need(isinstance(key, rsa.RSAPublicKey) and 2048 <= key.key_size <= 4096
         and key.public_numbers().e == 65537, "公钥不合要求 · a key of another kind or size")
    return "RS256", key, key.public_bytes(FORM.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
def to64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
def from64(text: str) -> bytes:
    need(to64(data := base64.urlsafe_b64decode(text + "==")) == text, "编码不规范 · base64url")
    return data
def dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
def loads(data: bytes) -> Any:
    need(dumps(value := json.loads(data)) == data, "文本不规范 · not the one text of its content")
    return value
def signed(text: str, kind: str, certificate: Any) -> Any:
    alg, key, _ = key_of(certificate)
    header, payload, signature = text.split(".")
    thumbprint = to64(digest(alg, certificate.public_bytes(FORM.DER)))
    right = {"alg": alg, "typ": f"anxue-{kind}+jws", RULES[alg][2]: thumbprint}
    need(header == to64(dumps(right)), f"签名头不符 · not the header of a {kind} by this key")
    check_signature(alg, key, f"{header}.{payload}".encode(), from64(signature))
    value = loads(from64(payload))
    names = " ".join(name for name in value if name != "evidence_key")
    fitting = names == MEMBERS.get(kind, names) and type(value.get("seq", 0)) is int
    need(fitting, "成员不符 · members of another message")
    return value
def check_certificate(own: Any, platform: Any, at: datetime, run: bool) -> bool:
    """Issued by the platform, in force, for this use (run: a run's). Says if it is a demo's."""
    alg, key, _ = key_of(platform)
    body, value = own.tbs_certificate_bytes, own.signature
    outside = own.public_bytes(FORM.DER).partition(body)[2]
    need(key_of(own)[0] == alg and outside.startswith(bytes.fromhex(RULES[alg][3]))
         and outside.endswith(b"\0" + value), "算法组不同 · of another suite than the platform's")
    if alg == "SM2-SM3":  # in certificates r and s stand in DER
        value = b"".join(n.to_bytes(32, "big") for n in utils.decode_dss_signature(value))
    check_signature(alg, key, body, value)
    need(own.issuer == platform.subject, "不是平台签发 · not issued by the platform")
    need(own.not_valid_before_utc <= at <= own.not_valid_after_utc, "期限 · dates")
    more = {extension.oid: extension.value for extension in own.extensions}
    ca, extended = more[x509.BasicConstraints.oid].ca, more.get(x509.ExtendedKeyUsage.oid, ())
    need(more[x509.KeyUsage.oid].key_cert_sign == ca == (not run) and list(extended)
         == ([SEALING] if run else []), "用途不符 · a key for another use")
    return DEMO in more
def follow(alg: str, before: tuple[int, bytes], told: Any) -> tuple[int, bytes]:
    value, index = bytes.fromhex(told["value"]), int(told["index"])
    plain, again = dumps(told) == dumps({"index": index, "value": value.hex()}), value
    need(plain and 0 <= index - before[0] <= 100_000, "随机数倒退 · a beacon out of order")
    for _ in range(index - before[0]):
        again = digest(alg, again)
    need(again == before[1] and len(value) == 32, "随机数与承诺不符 · not the promised beacon")
    return index, value
def begin(line: Any, alg: str, platform: Any) -> SimpleNamespace:
    grant = signed(line["grant"], "grant", platform)
    at = datetime.fromisoformat(grant["issued_at"])
    signed(line["policy"], "policy", platform)
    own = x509.load_pem_x509_certificate(line["certificate"].encode())
    need(own.public_bytes(FORM.PEM).decode() == line["certificate"], "文本不规范 · canonical PEM")
    demo = [check_certificate(each, platform, at, each is own) for each in (platform, own)]
    name = own.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    hashed = [digest(alg, text).hex() for text in (line["policy"].encode(), key_of(own)[2])]
    right = [line["chain"], name, RULES[alg][0], *hashed, *demo]
    names = ("chain", "chain", "suite", "policy_sha256", "key_sha256", "demo", "demo")
    need(right == [grant[name] for name in names], "许可不符 · the grant is for something else")
    return SimpleNamespace(
        grant=grant, own=own, seq=0, confirmed=0, counts={"record": 0, "seal": 0, "receipt": 0},
        head=digest(alg, lp(b"anxue/grant/1", line["grant"].encode())), chain=line["chain"],
        beacon=follow(alg, (0, bytes.fromhex(grant["seed_commitment"])), line["beacon"]))
def check_statement(said: Any, run: SimpleNamespace, heads: dict[str, str]) -> None:
    told, account = said["context"]["extensions"], said["actor"]["account"]
    ids = [str(uuid.uuid5(SPACE, run.chain + tail)) for tail in (f"/{run.seq}", "")]
    place = [said["id"], said["context"]["registration"], told[OWN + "seq"], *account.values()]
    right = [*ids, run.seq, run.grant["home_page"], run.grant["learner"]]
    need(place == right, "位置不符 · of another place or learner")
    need(1 <= told[OWN + "beacon"] <= run.beacon[0], "随机数未公布 · a beacon not revealed")
    more = said.get("result", {}).get("extensions", {})
    before = heads.get(more.get(OWN + "previous-chain"))
    need(before in {None, more.get(OWN + "previous-head")}, "上一次学习被改动 · the run before")
def check_bundle(data: bytes, platform: Any) -> tuple[int, int]:
    *lines, end, _ = data.split(b"\n")
    body = hashlib.sha256(data[: -len(end) - 1]).hexdigest()
    right = dumps({"type": "end", "lines": len(lines), "sha256": body}) + b"\n"
    need(data.endswith(right) and end + b"\n" == right, "文件摘要不符 · the digest of the file")
    alg, heads, run, records = key_of(platform)[0], {}, SimpleNamespace(chain=None), 0
    for line in map(loads, lines[1:]):
        kind = line["type"]
        fitting = (run.chain is None) == (kind == "chain") and line.get("chain") not in heads
        need(" ".join(line) == LINES[kind] and fitting, "结构不符 · an odd line")
        if kind == "chain":
            run = begin(line, alg, platform)
        elif kind == "chain-end":
            right = dumps([kind, run.chain, *run.counts.values(), run.seq])
            need(dumps([*line.values(), run.confirmed]) == right, "末尾没有平台回执 · the end")
            heads[run.chain], records, run.chain = run.head.hex(), records + run.seq, None
        elif kind == "record":
            run.seq, text = run.seq + 1, line["body"].encode()
            place = run.seq.to_bytes(8, "big") + run.head + digest(alg, text)
            run.head = digest(alg, lp(b"anxue/record/1", run.chain.encode()) + place)
            right = dumps(line | {"seq": run.seq, "head": run.head.hex()})
            need(dumps(line) == right, "哈希链不符 · the chain of hashes")
            check_statement(loads(text), run, heads)
        else:
            told = signed(line["jws"], kind, run.own if kind == "seal" else platform)
            need([told["chain"], told["seq"], told["head"]]
                 == [run.chain, run.seq, run.head.hex()], "覆盖的不是这里 · another record")
            if kind == "receipt":
                run.beacon, run.confirmed = follow(alg, run.beacon, told["beacon"]), run.seq
        if kind in run.counts:
            run.counts[kind] += 1
    first = {"type": "anxue-bundle", "version": 1, "chains": len(heads)}
    need(run.chain is None and lines[0] == dumps(first), "结构不符 · the first line, or no end")
    return records, len(heads)
def main(arguments: list[str]) -> int:
    try:
        data, pem = (Path(name).read_bytes() for name in arguments)
        platform = x509.load_pem_x509_certificate(pem)
        print("记录完好（记录、次数） · whole (records, runs):", *check_bundle(data, platform))
        return 0
    except OSError as error:
        print("无法读取 · cannot be read:", error)
        return 2
    except Exception as error:  # noqa: BLE001 (whatever cannot be followed is not proved)
        print("不可信 · not to be relied on:", repr(error))
        return 1
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
