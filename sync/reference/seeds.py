"""The chain of seeds behind the random checks: s_0 promised in the grant, then revealed.

`H(s_i) = s_{i-1}` with the hash of the run's suite (`suites.of_token(grant)`), so that
nobody can compute the next one from the last, and everybody can check that it is the one
that was promised.
"""

import secrets

from sync import suites
from sync.chain import hash_times
from sync.contract import Beacon

SEED_LENGTH = 4096


def draw() -> bytes:
    """A fresh secret s_n, 32 bytes."""
    return secrets.token_bytes(32)


def reveal(
    last: bytes, index: int, length: int = SEED_LENGTH, suite: suites.Suite = suites.RSA
) -> bytes:
    """s_index of the chain that ends in the secret s_length."""
    if not 0 <= index <= length:
        raise ValueError(f"no element {index} in a chain of {length}")
    return hash_times(last, length - index, suite)


def beacon(
    last: bytes, index: int, length: int = SEED_LENGTH, suite: suites.Suite = suites.RSA
) -> Beacon:
    return Beacon(index=index, value=reveal(last, index, length, suite).hex())


def before(value: bytes, suite: suites.Suite = suites.RSA) -> bytes:
    """s_{i-1} of s_i."""
    return hash_times(value, 1, suite)
