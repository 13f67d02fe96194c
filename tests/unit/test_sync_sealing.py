"""Sealed pictures: only the platform's evidence key opens them, and another library can, too."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
)

from sync import seal, sealing
from sync.contract import MAX_EVIDENCE_BYTES
from sync.pictures import after
from sync.ports import (
    GatewayError,
    NonsenseError,
    RefusedError,
    ServerFaultError,
    UnreachableError,
)
from sync.sealing import MAX_PICTURE_BYTES, SealingError, open_picture, seal_picture
from sync.session import MistrustError, accept_session
from tests.sync_rig import FakePlatform, rsa_key

KEY = rsa_key(2)
PICTURE = b"\xff\xd8\xff a face \xff\xd9"

# Made with joserfc 1.8.0, which also opened what `seal_picture` had sealed (2026-11-24).
JOSERFC = (
    "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIiwidHlwIjoiYW54dWUtZXZpZGVuY2UrandlIiwi"
    "Y3R5IjoiaW1hZ2UvanBlZyIsImtpZCI6IjFJMXVlQTM3OHJKeF9vWlRiVVVkQzA5QjNNNk9WOTFwYlVNLW9KaTdj"
    "YkkifQ.ABU_HkI9Ta1yDEHBpurSSPgge0FoTQvd3QXeSY6iWZPoRhY5OXTf3MPPvYAgyEcyQVGXEBDGkHtx4ic8h"
    "d4kDrGJdWVyj7Tc47ZdRXFe0MdmNYc0QqnOn0PpT-P-"
    "aQj2vygLsHhV0-gCYXCFcgMHFCQmsAw5DmiUNjPLzfU5Z1mPdBapZh-UeytH-kHVW1x_gLxANf5tZvw2afn3NzAt"
    "2vI6iKoU0yxoIGjtMM1q5I_0OHPcJi3xA21MYIPWvkp3Yg1OSpV5ztKZob0LICMSXn-AKFPoGiJrisBhXM86AfGO"
    "FczTDolbR6vTDcRAIrjrsFQizjb34Gk4vkEkGNlVqA.DK4I41vgPD_DCqg6.lXUl_sa9fKQoWjgVF8od66qYuBoA"
    "SctbOapq5A.GxzTjn2inF_vQbBZlZa9WQ"
)
# A key for this test and nothing else.
JOSERFCS_KEY = (
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDMXo8SKVNDLzcqe0fsqQfOEyhUW/jbHcl6ilbK"
    "pd3ij7UEYPXQbojNsgXSTSn6jlSG0gGSrfR7QHMMKFTwaySnulvNSEvOqhem5NtuU6l5UZme8sO0N7FBEr6JAfhi"
    "320MDUUKO9zZudLAVjLz+46EGOUi0A14zRtPGhBaUn6/d63xmcXQ/4kA4mXeWErlpT0VDzUAlZd+cvTe6p71e6se"
    "mZMYuZiuybZJQHlQTQrTh9ej/mHCTASNMK/pMR8Y/gXoRgMLZIemFEMNlNf/BfqySCMc6q4/cnbxyLEsRTM4WlFs"
    "wAb2pt/TXL459TPWp3402FjLMIjgt2Ttz3dTRa4DAgMBAAECggEAFztglDXyax7A7KlbAcItSvXOjdhur6nxL2bu"
    "etbkJE8lyrui9fC6yHdGRiPTc9IeNb1FxIDV2/T1nxouna3wWsjKisl/JJ0dVzGI6D/Gci4egn0iVihGlBknY7e/"
    "nq27XbVcdc9cSbvgA1FJNYcRKl8SHST9gw/93L4fwcTC98zU1uL3L5mF0d3lumJP4ViyiwdO0FwbxgUnPC9eQfGO"
    "AeTu2S583SYLIHOLmJO4VQOgOLS1vdOFc5B5j5E4/i3q8MrV6KKEK+7niFLhNlpn8GLMWPRDOaHDqseiTnN2poI5"
    "IY008ku1Nna8mIka/OeRs5qsRrEjFbRyz2ZXKOiksQKBgQD6kSVKyzfbueqM6ODOY07BRcft+cz69SKx/EbIhi62"
    "9aOi0WKLNZjKUNTVM9sqiYfOsUD0K3Askfe9lLeF4nA+r4gM9sTExSfB1NW0AjrjKp/FA6zNaJ9kIy1N8gMgA7px"
    "2FV5UNvRjzvdkMaTTKW3SrrtkdTcWrX5J2W+PTwK1QKBgQDQzPpsOjFTrlcLmXFcW46it6RnrqWOpkiW9WGSWiPK"
    "DPUWn4ltJp8UBRyJgqmDEq2XZ0PoPqQzjeI+9OuplxS3HZp5o1nXIxGicTlrAa+XiXzohNgFnE5AoLkKFqqi6P9G"
    "myO/5w8tzg+XW0IpTRj8NGTCY5NHrNni8vnR2lKRdwKBgFs2VR36BjZ9Yk2zRIq9CeE/dr1BjwXYEK48CMRcXEsL"
    "9mqB0F6evyT+8cs+2kyMzhxG2D9KRMZkyIuBxKD/Qh7/pQYbGpwKrSNZSAYEPc2OKaT9Zn1L1aINUCOsssiHsupY"
    "dxz3e124x3Erj631W+nyUUPEL3mbp9ywI9Bx2BaVAoGBAJY9J2OAa8W+iDt8aSj/aB6E7PL9o3qFA247mb1oxp+3"
    "uxJQMN4tEAGju+jl73q0kduDHkWZ7SR7TvPl3zvjzbAEyQYFF7vJLAMqXRo12Fa9Qvc7vwQqd9Pg0cQEkzstU6FG"
    "N+75Ht7iii1qKKz3IKc4O9fzNiI4qX63PjJVWVv5AoGALfAhS/JTKaAzCDLMEBI0OOcF+4ipAVN4iRtnSL47Y236"
    "+rbxZT1qF6b+WgMrnwWJeHWAJ9iaSjxhw8j7BcjhtpQGLOjl/DatsdCvMUm7NY2mUoyLA4GOmekkXjEBdjgSUgKV"
    "yhO6LQ2cKlIkIoucD5X3fb4ToyNQlYePNwcexbc="
)


def test_what_is_sealed_opens_and_never_looks_the_same_twice() -> None:
    first, second = (seal_picture(PICTURE, KEY.public_key()) for _ in range(2))
    assert first != second
    assert open_picture(first, KEY) == open_picture(second, KEY) == PICTURE
    assert PICTURE not in first
    sealing.check_sealed(first, KEY.public_key())


def test_another_library_s_sealing_opens() -> None:
    key = load_der_private_key(base64.b64decode(JOSERFCS_KEY), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert open_picture(JOSERFC.encode(), key) == b"a picture, sealed by joserfc"


def test_the_largest_picture_is_no_larger_than_the_platform_takes() -> None:
    largest = seal_picture(bytes(MAX_PICTURE_BYTES), KEY.public_key())
    assert len(largest) <= MAX_EVIDENCE_BYTES
    assert len(open_picture(largest, KEY)) == MAX_PICTURE_BYTES
    with pytest.raises(SealingError):
        seal_picture(bytes(MAX_PICTURE_BYTES + 1), KEY.public_key())


def test_another_key_opens_nothing() -> None:
    sealed = seal_picture(PICTURE, KEY.public_key())
    with pytest.raises(SealingError):
        open_picture(sealed, rsa_key(3))
    with pytest.raises(SealingError):
        sealing.check_sealed(sealed, rsa_key(3).public_key())


@pytest.mark.parametrize("part", range(5))
def test_a_changed_part_opens_nothing(part: int) -> None:
    parts = seal_picture(PICTURE, KEY.public_key()).decode().split(".")
    raw = bytearray(seal.from_base64url(parts[part]))
    raw[len(raw) // 2] ^= 1
    parts[part] = seal.to_base64url(bytes(raw))
    with pytest.raises(SealingError):
        open_picture(".".join(parts).encode(), KEY)


@pytest.mark.parametrize("text", [b"", b"a.b.c", b"....", PICTURE, b"x" * 600_000])
def test_what_is_no_sealed_picture(text: bytes) -> None:
    with pytest.raises(SealingError):
        sealing.check_sealed(text, KEY.public_key())


def test_the_grant_names_the_evidence_key() -> None:
    platform = FakePlatform()
    run = rsa_key(1).public_key()
    assert platform.accepted().evidence_key is None
    told = seal.to_base64url(seal.spki(KEY.public_key()))
    session = platform.session(evidence_key=told)
    accepted = accept_session(session, platform.certificate, "demo", run)
    assert accepted.evidence_key is not None
    assert seal.spki(accepted.evidence_key) == seal.spki(KEY.public_key())


@pytest.mark.parametrize("key", ["AAAA", "elliptic", "signing", "small"])
def test_a_key_that_will_not_do(key: str) -> None:
    platform = FakePlatform()
    told = key
    der = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    match key:
        case "elliptic":
            curve = ec.generate_private_key(ec.SECP256R1()).public_key()
            told = seal.to_base64url(curve.public_bytes(*der))
        case "small":
            small = rsa.generate_private_key(65_537, 1024).public_key()  # noqa: S505 (refused)
            told = seal.to_base64url(small.public_bytes(*der))
        case "signing":
            told = seal.to_base64url(seal.spki(rsa_key(0).public_key()))
    session = platform.session(evidence_key=told)
    with pytest.raises(MistrustError):
        accept_session(session, platform.certificate, "demo", rsa_key(1).public_key())


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (UnreachableError("no line"), "again"),
        (ServerFaultError(503), "again"),
        (NonsenseError("a portal"), "again"),
        (RefusedError("not_found", ""), "again"),
        (RefusedError("too_large", ""), "dropped"),
        (RefusedError("invalid", ""), "dropped"),
        (RefusedError("closed", ""), "dropped"),
        (RefusedError("signed_out", ""), "signed_out"),
        (RefusedError("taken_over", ""), "signed_out"),
    ],
)
def test_what_an_answer_means_for_a_picture(error: GatewayError, expected: str) -> None:
    assert after(error) == expected
