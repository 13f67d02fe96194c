"""A clip is judged as a check would be, action by action, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctor import examination
from proctor.clip import Asked
from proctor.evaluation import Decision
from proctor.examination import Findings
from proctor.observation import Embedding, FaceObservation
from proctor.schedule import Action, Place, Rules
from tests.faces import DONE, FRAME_NS, LEARNER, LOOKS, REST, STRANGER, Pose, face, seen

RULES = Rules()
START_NS = 5_000_000_000
LEFT, MOUTH, BLINK, RIGHT = Action.TURN_LEFT, Action.OPEN_MOUTH, Action.BLINK, Action.TURN_RIGHT


def poses(seconds: float, acts: dict[float, Action], dot: Sequence[Place] = ()) -> Iterator[Pose]:
    """Rest, and from each time on the action: there in .4 s, held for .5 s, back in .4 s."""
    for number in range(round(seconds * 15)):
        now_s = number / 15
        for at_s, action in acts.items():
            share = _share(action, now_s - at_s)
            if share > 0:
                yield _mix(DONE[action], share)
                break
        else:
            yield REST


def _share(action: Action, since_s: float) -> float:
    if action is Action.BLINK:
        since_s = since_s if since_s < 0.5 else since_s - 0.6
        return 1.0 if 0 < since_s < 0.2 else 0.0
    if not 0 < since_s < 1.3:
        return 0.0
    return min(1.0, since_s / 0.4, (1.3 - since_s) / 0.4)


def _mix(full: Pose, share: float) -> Pose:
    return Pose(
        yaw=full.yaw * share,
        pitch=full.pitch * share,
        eyes=REST.eyes + (full.eyes - REST.eyes) * share,
        jaw=REST.jaw + (full.jaw - REST.jaw) * share,
    )


def frames(
    poses: Iterable[Pose], *, flat: bool = False, who: Embedding = LEARNER, mask: float = 0.0
) -> Iterator[FaceObservation]:
    for number, pose in enumerate(poses):
        embedding = who if number % 3 == 0 else None
        at_ns = START_NS + number * FRAME_NS
        yield seen(at_ns, face(pose, embedding=embedding, flat=flat, mask=mask))


def judged(watched: Iterable[FaceObservation], *asked: Asked) -> Findings:
    exam = examination.begin(asked, RULES, START_NS)
    end_ns = START_NS
    for each in watched:
        exam = examination.step(exam, each)
        end_ns = each.at_ns
    return examination.finish(exam, end_ns)


BOTH = Asked(2.0, LEFT), Asked(5.0, MOUTH)


def test_a_living_learner_who_does_what_is_asked() -> None:
    found = judged(frames(poses(8, {2.2: LEFT, 5.2: MOUTH})), *BOTH)
    assert (found.decision, found.reason, found.passive) == (Decision.ACCEPTED, "", False)
    assert [answer.done for answer in found.answers] == [True, True]
    assert found.similarity == pytest.approx(1, abs=1e-5)
    assert found.seconds == pytest.approx(8, abs=0.1)


def test_an_action_that_began_a_little_early_counts() -> None:
    found = judged(frames(poses(8, {1.4: LEFT, 4.5: MOUTH})), *BOTH)
    assert found.decision is Decision.ACCEPTED


@pytest.mark.parametrize(
    ("acts", "reason", "failed"),
    [
        ({}, "not_answered", LEFT),
        ({2.2: LEFT}, "clip_ended", MOUTH),
        ({2.2: MOUTH, 5.2: LEFT}, "not_answered", LEFT),
        ({2.2: LEFT, 7.3: MOUTH}, "clip_ended", MOUTH),
        ({2.2: RIGHT, 3.6: RIGHT}, "wrong_action", LEFT),
    ],
)
def test_what_was_not_done_says_so(acts: dict[float, Action], reason: str, failed: Action) -> None:
    found = judged(frames(poses(8, acts)), *BOTH)
    assert (found.decision, found.reason) == (Decision.REJECTED, reason)
    assert next(each.asked.action for each in found.answers if not each.done) is failed


def test_a_flat_face_that_turns_is_no_head() -> None:
    found = judged(frames(poses(8, {2.2: LEFT, 5.2: MOUTH}), flat=True), *BOTH)
    assert (found.decision, found.reason) == (Decision.REJECTED, "print")


def test_an_action_that_is_said_to_come_after_the_end() -> None:
    found = judged(frames(poses(4, {2.2: LEFT})), Asked(2.0, LEFT), Asked(9.0, MOUTH))
    assert found.reason == "after_the_end"


def test_an_action_at_once_is_calibrated_from_what_there_is() -> None:
    found = judged(frames(poses(4, {1.3: BLINK})), Asked(0.5, BLINK))
    assert found.decision is Decision.ACCEPTED


def test_another_person_from_the_middle_on() -> None:
    both = [*frames(poses(8, {2.2: LEFT, 5.2: MOUTH}))]
    other = [*frames(poses(8, {2.2: LEFT, 5.2: MOUTH}), who=STRANGER)]
    found = judged([*both[:55], *other[55:]], *BOTH)
    assert (found.decision, found.reason) == (Decision.REJECTED, "other_person")


def test_somebody_beside() -> None:
    watched = [replace(each, count=2) for each in frames(poses(8, {2.2: LEFT, 5.2: MOUTH}))]
    assert judged(watched, *BOTH).reason == "several_faces"
    assert judged(watched).reason == "several_faces"


def test_a_mask() -> None:
    found = judged(frames(poses(8, {2.2: LEFT, 5.2: MOUTH}), mask=0.9), *BOTH)
    assert (found.decision, found.reason) == (Decision.REJECTED, "covered_face")


def test_an_empty_chair_is_no_response() -> None:
    nobody = [seen(START_NS + n * FRAME_NS, None) for n in range(60)]
    for asked in ((), BOTH):
        found = judged(nobody, *asked)
        assert (found.decision, found.reason) == (Decision.NO_RESPONSE, "no_face")


def test_without_actions_it_is_passive() -> None:
    found = judged(frames(poses(3, {})))
    assert (found.decision, found.passive) == (Decision.ACCEPTED, True)
    assert found.template is not None and found.samples


def test_the_dot_is_followed_to_its_places() -> None:
    places = (Place.LEFT, Place.UP)
    looks = [REST] * 40 + [LOOKS[Place.LEFT]] * 30 + [LOOKS[Place.UP]] * 30 + [REST] * 20
    asked = Asked(2.0, Action.FOLLOW_DOT, places)
    assert judged(frames(looks), asked).decision is Decision.ACCEPTED
    still = judged(frames([REST] * 120), asked)
    assert (still.decision, still.reason) == (Decision.REJECTED, "clip_ended")


any_pose = st.sampled_from([REST, *DONE.values()])
any_frame = st.tuples(any_pose, st.integers(1, 15), st.sampled_from([0, 1, 2]), st.booleans())
any_asked = st.lists(
    st.builds(Asked, st.floats(0, 20), st.sampled_from([LEFT, RIGHT, MOUTH, BLINK])), max_size=4
)


@given(st.lists(any_frame, max_size=20), any_asked)
def test_no_clip_raises_and_every_action_is_answered_for(
    script: list[tuple[Pose, int, int, bool]], asked: list[Asked]
) -> None:
    asked.sort(key=lambda each: each.at_s)
    at_ns, watched = START_NS, []
    for pose, times, count, flat in script:
        for _ in range(times):
            at_ns += FRAME_NS
            watched.append(seen(at_ns, face(pose, flat=flat) if count else None, count))
    found = judged(watched, *asked)
    assert [answer.asked for answer in found.answers] == asked
    assert (found.decision is Decision.ACCEPTED) == (found.reason == "")
    if found.decision is Decision.ACCEPTED:
        assert all(answer.done for answer in found.answers)
