"""Pictures that only the platform can open: JWE compact (RFC 7516), sealed as they are taken.

RSA-OAEP-256 around a fresh key of its own, A256GCM around the picture. The key that opens
is the platform's evidence key, which the signed grant names; it signs nothing, and the key
that signs opens nothing. The header is exactly
`{"alg","enc","typ","cty","kid"}`; as with `sync.seal` a text with another one is refused
before anything is decided. docs/decisions/019-evidence.md has the reasons.
"""

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sync import seal, strictjson
from sync.contract import MAX_EVIDENCE_BYTES

MEDIA_TYPE = "application/jose"
"""What a sealed picture is called when it is sent."""

MAX_PICTURE_BYTES = MAX_EVIDENCE_BYTES * 3 // 4 - 2048
"""base64url makes 4 characters of 3 bytes, and the header and the wrapped key come on top."""

_NONCE_BYTES = 12
_TAG_BYTES = 16
_OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label=None)


class SealingError(ValueError):
    """A picture cannot be sealed, or a sealed one does not open; the message says why."""


def evidence_key(text: str) -> rsa.RSAPublicKey:
    """The key that a grant names: SubjectPublicKeyInfo, base64url. Raises SealingError."""
    try:
        key = load_der_public_key(seal.from_base64url(text))
        if not isinstance(key, rsa.RSAPublicKey):
            raise SealingError("the evidence key is not an RSA key")
        seal.check_key(key)
    except (ValueError, UnsupportedAlgorithm) as error:  # SealError is a ValueError
        raise SealingError(f"evidence key: {error}") from error
    return key


def seal_picture(picture: bytes, key: rsa.RSAPublicKey) -> bytes:
    """A JPEG as the bytes that are stored, sent and named by their SHA-256.

    Raises SealingError on one that is too large. Every call gives other bytes.
    """
    if len(picture) > MAX_PICTURE_BYTES:
        raise SealingError(f"a picture of {len(picture)} bytes, at most {MAX_PICTURE_BYTES}")
    content_key = AESGCM.generate_key(256)
    # The key is used once, so that any nonce is a fresh one; this one is random as well.
    nonce = AESGCM.generate_key(128)[:_NONCE_BYTES]
    header = _header(key)
    sealed = AESGCM(content_key).encrypt(nonce, picture, header.encode("ascii"))
    parts = (
        key.encrypt(content_key, _OAEP),
        nonce,
        sealed[:-_TAG_BYTES],
        sealed[-_TAG_BYTES:],
    )
    return ".".join((header, *map(seal.to_base64url, parts))).encode("ascii")


def check_sealed(sealed: bytes, key: rsa.RSAPublicKey) -> None:
    """Raises SealingError unless these bytes look as if they were sealed to this key."""
    _parts(sealed, key)


def open_picture(sealed: bytes, key: rsa.RSAPrivateKey) -> bytes:
    """What was sealed. Raises SealingError."""
    header, wrapped, nonce, text, tag = _parts(sealed, key.public_key())
    try:
        content_key = key.decrypt(wrapped, _OAEP)
        return AESGCM(content_key).decrypt(nonce, text + tag, header)
    except (ValueError, InvalidTag) as error:
        raise SealingError("it does not open") from error


def key_id(key: rsa.RSAPublicKey) -> str:
    """base64url of the SHA-256 of the key's SubjectPublicKeyInfo."""
    return seal.to_base64url(bytes.fromhex(seal.key_sha256(key)))


def _parts(sealed: bytes, key: rsa.RSAPublicKey) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    if len(sealed) > MAX_EVIDENCE_BYTES:
        raise SealingError(f"{len(sealed)} bytes, at most {MAX_EVIDENCE_BYTES}")
    try:
        texts = sealed.decode("ascii").split(".")
        if len(texts) != 5:
            raise SealingError(f"{len(texts)} parts instead of 5")
        if texts[0] != _header(key):
            raise SealingError("sealed to another key, or in another way")
        wrapped, nonce, text, tag = map(seal.from_base64url, texts[1:])
    except (UnicodeDecodeError, seal.SealError) as error:
        raise SealingError("not a sealed picture") from error
    sizes = (len(wrapped), len(nonce), len(tag))
    if sizes != (key.key_size // 8, _NONCE_BYTES, _TAG_BYTES):
        raise SealingError("not a sealed picture")
    return texts[0].encode("ascii"), wrapped, nonce, text, tag


def _header(key: rsa.RSAPublicKey) -> str:
    header = {
        "alg": "RSA-OAEP-256",
        "enc": "A256GCM",
        "typ": "anxue-evidence+jwe",
        "cty": "image/jpeg",
        "kid": key_id(key),
    }
    return seal.to_base64url(strictjson.dumps(header))
