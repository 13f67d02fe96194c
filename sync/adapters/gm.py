"""SM2 by GmSSL (the package gmssl-pyx): the optional extra `gm`.

`sync.sm2.offer(gm.load)`: then signatures of the suite SM2+SM3 can be made and checked.
"""

from dataclasses import dataclass
from functools import cache
from types import ModuleType

from sync import sm2


@cache
def load() -> sm2.Engine:
    """Raises MissingError where the extra is not installed."""
    try:
        import gmssl_pyx
    except ImportError as error:
        raise sm2.MissingError from error
    return _GmSsl(gmssl_pyx)


@dataclass(frozen=True, slots=True)
class _GmSsl:
    """An `sync.sm2.Engine`. GmSSL says on stderr where a signature failed; that is its way."""

    _library: ModuleType

    def generate(self) -> sm2.PrivateKey:
        point, secret = self._library.sm2_key_generate()
        return sm2.PrivateKey(secret, sm2.PublicKey(point))

    def sign(self, key: sm2.PrivateKey, data: bytes) -> bytes:
        return sm2.from_der(
            self._library.sm2_sign(key.secret, key.public.point, data, sm2.SIGNER_ID)
        )

    def verify(self, key: sm2.PublicKey, data: bytes, signature: bytes) -> bool:
        return bool(self._library.sm2_verify(key.point, data, sm2.to_der(signature), sm2.SIGNER_ID))
