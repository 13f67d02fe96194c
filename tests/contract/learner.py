"""The learner of the contract's checks, as the tests name it: `sync.reference.conformance`."""

from sync.reference.conformance.answers import good, problem
from sync.reference.conformance.learner import (
    CLIENT,
    Run,
    body,
    face,
    run_key,
    sign_in,
    sign_in_message,
)

__all__ = [
    "CLIENT",
    "Run",
    "body",
    "face",
    "good",
    "problem",
    "run_key",
    "sign_in",
    "sign_in_message",
]
