"""The proctor's schedule as the platform asks for it: a `sync.history.Schedule`."""

from app.planning import rules_of, sign_in_attempt
from proctor.schedule import Attempt, plan_check
from sync.contract import Policy
from sync.history import Actions, Drawn


class ProctorSchedule:
    """The draws of one policy."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._rules = rules_of(policy)

    def check(
        self, seed: str, ordinal: int, film_left_s: float, checked_in_film: bool, since_s: float
    ) -> Drawn:
        """The chain's `ordinal`-th check, counted from 1, each attempt with its actions."""
        planned = plan_check(
            bytes.fromhex(seed),
            ordinal,
            self._rules,
            film_left_s,
            checked_in_film,
            since_s=since_s,
        )
        return Drawn(
            planned.after_s,
            tuple(map(_names, planned.attempts)),
            tuple(map(_names, planned.alternatives)),
        )

    def sign_in(self, seed: str, attempt: int) -> tuple[Actions, Actions]:
        """What the `attempt`-th attempt at sign-in asks, from 1, and the alternative to it."""
        drawn, instead = sign_in_attempt(seed, self._policy, attempt)
        return _names(drawn), _names(instead) if instead is not None else ()


def _names(attempt: Attempt) -> Actions:
    return tuple(action.value for action in attempt.actions)
