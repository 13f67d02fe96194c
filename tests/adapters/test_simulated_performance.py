"""How the simulated learner moves: neutral to neutral, after a human reaction time."""

import itertools

import pytest

from proctor.adapters.simulated.motion import (
    ACTING,
    ACTIONS,
    CLIPS,
    FPS,
    IDLE,
    LOOKING,
    NEUTRAL,
    Pose,
)
from proctor.adapters.simulated.performance import (
    AGAIN_AFTER_S,
    DOT_REACTION_S,
    REACTION_S,
    Performer,
)
from proctor.adapters.simulated.stage import Prompt, asked
from proctor.schedule import Place


def play(
    performer: Performer, begin_s: float, seconds: float, prompt: Prompt | None
) -> list[tuple[float, str, Pose]]:
    """Time, clip and pose of each frame at 15 a second."""
    out = []
    for k in range(round(seconds * FPS)):
        now_s = begin_s + k / FPS
        shot = performer.at(now_s, prompt)
        out.append((now_s, shot.clip, CLIPS[shot.clip].poses[shot.pose]))
    return out


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_begins_and_ends_neutral(name: str) -> None:
    plan = CLIPS[name]
    assert plan.poses[plan.order[0]] == NEUTRAL
    assert plan.poses[plan.order[-1]] == NEUTRAL
    assert set(plan.order) == set(range(len(plan.poses)))


@pytest.mark.parametrize("name", CLIPS)
def test_no_pose_jumps(name: str) -> None:
    plan = CLIPS[name]
    path = [plan.poses[k] for k in plan.order]
    for one, other in itertools.pairwise(path):
        assert abs(one.yaw - other.yaw) < 8
        assert abs(one.pitch - other.pitch) < 6
        assert abs(one.jaw - other.jaw) < 0.35


def test_there_is_a_clip_for_every_action() -> None:
    assert {*ACTING, "follow_dot"} == set(ACTIONS)
    assert {f"look_{place}" for place in Place} == set(LOOKING)


def test_own_left_is_the_images_right() -> None:
    assert max(pose.yaw for pose in ACTING["turn_left"].poses) > 25
    assert min(pose.yaw for pose in ACTING["turn_right"].poses) < -25


@pytest.mark.parametrize("action", ACTING)
@pytest.mark.parametrize("asked_s", [0.3, 1.07, 3.9, 7.77])
def test_an_action_begins_after_a_reaction_time(action: str, asked_s: float) -> None:
    performer = Performer(seed=5)
    play(performer, 0, asked_s, None)
    shots = play(performer, asked_s, 4, Prompt(action, 1))
    began_s = next(now_s for now_s, clip, _ in shots if clip == action)
    assert REACTION_S[0] - 1e-6 <= began_s - asked_s <= REACTION_S[1] + 2 / FPS
    first = next(pose for _, clip, pose in shots if clip == action)
    assert first in ACTING[action].poses[:3]


def test_the_way_home_does_not_jump() -> None:
    for tenth in range(60):
        performer = Performer(seed=tenth)
        play(performer, 0, tenth / 10, None)
        poses = [pose for _, _, pose in play(performer, tenth / 10, 1.0, Prompt("nod", 1))]
        for one, other in itertools.pairwise(poses):
            assert abs(one.yaw - other.yaw) < 2.5


def test_idle_when_nothing_is_asked() -> None:
    shots = play(Performer(seed=1), 0, 60, None)
    assert {clip for _, clip, _ in shots} == set(IDLE)
    blinks = [now_s for now_s, _, pose in shots if pose.blink > 0.9]
    gaps = [b - a for a, b in itertools.pairwise(blinks) if b - a > 0.5]
    assert 1.0 < sum(gaps) / len(gaps) < 8
    assert max(abs(pose.yaw) for _, _, pose in shots) < 5
    assert max(pose.jaw for _, _, pose in shots) < 0.1


def test_an_action_is_done_once_more_while_it_is_asked_for() -> None:
    shots = play(Performer(), 0, 12, Prompt("turn_left", 1))
    acting = [clip == "turn_left" for _, clip, _ in shots]
    starts = [k for k in range(1, len(acting)) if acting[k] and not acting[k - 1]]
    assert len(starts) >= 2
    assert (starts[1] - starts[0]) / FPS >= ACTING["turn_left"].seconds + AGAIN_AFTER_S - 0.2


def test_withdrawn_in_time_it_is_not_done() -> None:
    performer = Performer()
    performer.at(0.0, None)
    performer.at(0.1, Prompt("nod", 1))
    shots = play(performer, 0.2, 5, None)
    assert all(clip in IDLE for _, clip, _ in shots)


def test_what_has_begun_is_finished_before_the_next() -> None:
    performer = Performer()
    play(performer, 0, 1.0, Prompt("turn_left", 1))
    shots = play(performer, 1.0, 6, Prompt("open_mouth", 2))
    clips = [clip for _, clip, _ in shots]
    last_turn = max(k for k, clip in enumerate(clips) if clip == "turn_left")
    first_open = clips.index("open_mouth")
    assert last_turn < first_open
    assert shots[last_turn][2].yaw < 8


def test_the_same_action_asked_anew_is_done_anew() -> None:
    performer = Performer()
    first = play(performer, 0, 2.2, Prompt("blink", 1))
    second = play(performer, 2.2, 2, Prompt("blink", 2))
    assert "blink" in {clip for _, clip, _ in first}
    assert "blink" in {clip for _, clip, _ in second}


def test_life_goes_on_after_a_long_silence() -> None:
    performer = Performer()
    performer.at(0.0, None)
    assert performer.at(3600.0, None).clip in IDLE


def test_seeds_differ_and_repeat() -> None:
    assert play(Performer(3), 0, 20, None) == play(Performer(3), 0, 20, None)
    assert play(Performer(3), 0, 20, None) != play(Performer(4), 0, 20, None)


def gaze_of(place: Place, pose: Pose) -> float:
    """How far the eyes are towards that place, degrees."""
    x, y = pose.gaze
    return {Place.LEFT: x, Place.RIGHT: -x, Place.UP: -y, Place.DOWN: y}[place]


@pytest.mark.parametrize("places", [(Place.LEFT, Place.UP, Place.RIGHT), (Place.DOWN, Place.LEFT)])
@pytest.mark.parametrize("asked_s", [0.4, 2.13, 5.7])
def test_eyes_go_after_the_dot_in_human_time(places: tuple[Place, ...], asked_s: float) -> None:
    performer, prompt, now_s = Performer(seed=2), None, asked_s
    play(performer, 0, asked_s, None)
    for place in places:
        prompt = asked(prompt, "follow_dot", place)
        shots = play(performer, now_s, 1.5, prompt)
        looks = [gaze_of(place, pose) for _, _, pose in shots]
        there = next(at for (at, _, _), look in zip(shots, looks, strict=True) if look > 20)
        assert DOT_REACTION_S[0] < there - now_s < 1.1
        assert min(looks[-5:]) > 20
        now_s += 1.5
    home = play(performer, now_s, 2, None)
    assert home[-1][1] in IDLE


def test_a_dot_that_comes_again_is_looked_at_again() -> None:
    performer, prompt = Performer(), None
    for number, place in enumerate((Place.LEFT, Place.RIGHT) * 4):
        prompt = asked(prompt, "follow_dot", place)
        shots = play(performer, 1.2 * number, 1.2, prompt)
        assert gaze_of(place, shots[-1][2]) > 20


def test_after_the_dot_another_action() -> None:
    performer = Performer()
    play(performer, 0, 2, asked(None, "follow_dot", "up"))
    shots = play(performer, 2, 3, asked(None, "open_mouth", None))
    acting = [clip for _, clip, _ in shots]
    assert "open_mouth" in acting
    poses = [pose for _, _, pose in shots]
    for one, other in itertools.pairwise(poses):
        assert abs(one.gaze[1] - other.gaze[1]) < 16


def test_a_dot_that_is_not_there_yet_is_waited_for() -> None:
    performer = Performer()
    shots = play(performer, 0, 3, asked(None, "follow_dot", None))
    assert {clip for _, clip, _ in shots} <= set(IDLE)


def test_a_dot_that_moved_is_the_same_request() -> None:
    first = asked(None, "follow_dot", "up")
    moved = asked(first, "follow_dot", "down")
    assert first is not None
    assert moved is not None
    assert (first.number, moved.dot) == (moved.number, "down")
    anew = asked(asked(None, "nod", None), "nod", "left")
    assert anew is not None
    assert anew.dot is None
