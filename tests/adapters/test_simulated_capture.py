"""The simulated camera keeps a real one's manners; drawn pictures stand in for rendered ones."""

import threading
import time

import numpy as np
import pytest

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated import Scene, SimulatedCapture, Stage
from proctor.adapters.simulated.clips import Clips, encode, encode_cover
from proctor.adapters.simulated.motion import CLIPS
from proctor.adapters.simulated.scenes import EMPTY_ROOM, LOOP
from proctor.adapters.simulated.sensor import TONE, expose, light_table
from proctor.adapters.simulated.taking import EXPOSURE
from proctor.ports import Picture, Prompted, VideoSource

PEOPLE = ("one", "two")
PRINTS = (
    Scene.PRINT,
    Scene.PRINT_TILTED,
    Scene.PRINT_WAVED,
    Scene.PRINT_BENT,
    Scene.PRINT_EYES,
)


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


def flat(grey: int) -> bytes:
    return encode(np.full((480, 640, 3), grey, np.uint8))


def drawn(person: str, grey: int) -> Clips:
    """Clips of plain pictures; each action has a grey of its own. The middle is the person."""
    pictures: dict[str, tuple[bytes, ...]] = {EMPTY_ROOM: (flat(20),)}
    middle = np.zeros((480, 640), np.uint8)
    middle[100:, 200:440] = 255
    covers: dict[str, tuple[bytes, ...]] = {}
    for number, (name, plan) in enumerate(CLIPS.items()):
        pictures[name] = (flat(grey + number),) * len(plan.poses)
        covers[name] = (encode_cover(middle),) * len(plan.poses)
    return Clips(person, pictures, covers)


def exposed(grey: float) -> float:
    """What the camera makes of that grey at full light."""
    return float(light_table(EXPOSURE)[round(grey)])


@pytest.fixture(scope="module")
def clips() -> dict[str, Clips]:
    return {"one": drawn("one", 100), "two": drawn("two", 160)}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stage() -> Stage:
    return Stage(PEOPLE)


@pytest.fixture
def capture(stage: Stage, clips: dict[str, Clips], clock: Clock) -> SimulatedCapture:
    return SimulatedCapture(stage, clips, clock=clock, sleep=clock.sleep)


def frame(capture: SimulatedCapture) -> Picture:
    done, picture = capture.read()
    assert done
    assert picture is not None
    return picture


def test_a_frame_is_like_a_cameras(capture: SimulatedCapture) -> None:
    picture = frame(capture)
    assert picture.shape == (480, 640, 3)
    assert picture.dtype == np.uint8
    other = frame(capture)
    picture[:] = 0
    assert other.any()
    assert frame(capture).any()


def test_it_fits_the_port(capture: SimulatedCapture, stage: Stage) -> None:
    source: VideoSource = capture
    prompted: Prompted = stage
    assert source.isOpened()
    prompted.prompt(None)
    prompted.prompt("follow_dot", "left")
    prompted.shine("blue")


def test_it_says_that_it_is_simulated(capture: SimulatedCapture) -> None:
    assert capture.getBackendName() == "SIMULATED"
    assert SimulatedCapture.simulated is True


def test_frames_come_at_the_cameras_pace(capture: SimulatedCapture, clock: Clock) -> None:
    begin_s = clock.now_s
    for _ in range(31):
        frame(capture)
    assert clock.now_s - begin_s == pytest.approx(30 / 15)


def test_a_slow_reader_loses_frames_and_gets_no_queue(
    capture: SimulatedCapture, clock: Clock
) -> None:
    frame(capture)
    clock.now_s += 10
    frame(capture)
    clock.slept.clear()
    frame(capture)
    assert clock.slept == [pytest.approx(1 / 15)]


def test_the_pace_can_be_set(capture: SimulatedCapture, clock: Clock) -> None:
    assert capture.set(cv2.CAP_PROP_FPS, 5)
    assert capture.get(cv2.CAP_PROP_FPS) == 5
    frame(capture)
    begin_s = clock.now_s
    frame(capture)
    frame(capture)
    assert clock.now_s - begin_s == pytest.approx(0.4)
    assert not capture.set(cv2.CAP_PROP_FPS, 0)


def test_there_is_one_size(capture: SimulatedCapture) -> None:
    assert capture.set(cv2.CAP_PROP_FRAME_WIDTH, 640)
    assert capture.set(cv2.CAP_PROP_FRAME_HEIGHT, 480)
    assert not capture.set(cv2.CAP_PROP_FRAME_WIDTH, 1280)
    assert capture.get(cv2.CAP_PROP_FRAME_WIDTH) == 640
    assert capture.get(cv2.CAP_PROP_FRAME_HEIGHT) == 480
    assert capture.get(cv2.CAP_PROP_BRIGHTNESS) == 0


def test_released_it_gives_nothing(capture: SimulatedCapture) -> None:
    capture.release()
    assert not capture.isOpened()
    assert capture.read() == (False, None)


def test_a_prompt_is_obeyed(capture: SimulatedCapture, stage: Stage) -> None:
    stage.prompt("nod")
    grey = round(exposed(100 + list(CLIPS).index("nod")))
    seen = {round(float(frame(capture).mean())) for _ in range(20)}
    assert grey in seen


def test_another_person_sits_down(capture: SimulatedCapture, stage: Stage) -> None:
    assert frame(capture).mean() < 120
    stage.person = "two"
    assert frame(capture).mean() > 150


def test_every_scene_is_shown(capture: SimulatedCapture, stage: Stage) -> None:
    middle = {}
    for scene in Scene:
        stage.scene = scene
        middle[scene] = float(frame(capture)[270:300, 300:340].mean())
    assert middle[Scene.NOBODY] == pytest.approx(exposed(20), abs=2)
    for scene in PRINTS:
        assert middle[scene] == pytest.approx(exposed(100), abs=2)
    assert middle[Scene.OTHER_PERSON] == pytest.approx(exposed(160), abs=10)
    assert middle[Scene.REPLAY] > 80


def test_somebody_sits_beside_who_acts(capture: SimulatedCapture, stage: Stage) -> None:
    stage.scene = Scene.TWO_PEOPLE
    stage.prompt("nod")
    acted = exposed(100 + list(CLIPS).index("nod"))
    pictures = [frame(capture) for _ in range(20)]
    left = {round(float(each[300:400, 100:260].mean())) for each in pictures}
    right = [float(each[300:400, 400:540].mean()) for each in pictures]
    assert round(acted) in left
    assert right == pytest.approx([exposed(160)] * 20, abs=10)
    assert pictures[0][:60, :].mean() == pytest.approx(exposed(20), abs=2)


def test_the_screen_shines_on_the_person_more_than_on_the_room(
    capture: SimulatedCapture, stage: Stage
) -> None:
    stage.light = 0.5
    dark = frame(capture).astype(float)
    stage.shine("green")
    lit = frame(capture).astype(float)
    person, room = (slice(200, 280), slice(260, 380)), (slice(20, 80), slice(20, 80))
    gained = (lit - dark)[person].mean((0, 1))
    assert gained[1] > gained[0] > 1
    assert gained[1] > 1.5 * gained[2]
    assert np.abs((lit - dark)[room].mean((0, 1))).max() < 1
    stage.shine(None)
    assert np.abs((frame(capture) - dark)[person].mean()) < 1


@pytest.mark.parametrize("scene", [Scene.INJECTED, Scene.LOOPED])
def test_what_is_fed_in_knows_no_light_of_now(
    capture: SimulatedCapture, stage: Stage, scene: Scene
) -> None:
    stage.scene = scene
    before = frame(capture).astype(float)
    stage.shine("white")
    assert frame(capture).astype(float).mean() == pytest.approx(before.mean(), abs=3)


def test_a_puppet_has_no_grain(capture: SimulatedCapture, stage: Stage) -> None:
    stage.scene = Scene.INJECTED
    assert float(frame(capture)[:, :, 0].std()) < 0.5
    stage.scene = Scene.LIVE
    assert float(frame(capture)[:, :, 0].std()) > 1.5


def test_footage_fed_in_repeats_to_the_bit(capture: SimulatedCapture, stage: Stage) -> None:
    stage.scene = Scene.LOOPED
    length = len(LOOP)
    seen = [frame(capture).tobytes() for _ in range(length + 20)]
    assert seen[length:] == seen[:20]
    assert len(set(seen)) == length


def test_a_still_person_is_no_loop(capture: SimulatedCapture) -> None:
    seen = {frame(capture).tobytes() for _ in range(200)}
    assert len(seen) == 200


def test_pictures_held_up_move(capture: SimulatedCapture, stage: Stage) -> None:
    for scene in (*PRINTS, Scene.REPLAY):
        stage.scene = scene
        first = frame(capture).astype(int)
        last = [frame(capture).astype(int) for _ in range(8)][-1]
        assert np.abs(last - first).mean() > 1


def test_light_is_that_of_the_studios_lamps() -> None:
    linear = np.linspace(0, 1.1, 50)
    for light in (0.25, 0.5, 1.0):
        full = np.sqrt(linear / (1 + TONE * linear))
        dim = np.sqrt(light * linear / (1 + TONE * light * linear))
        told = light_table(light)[np.round(full * 255).astype(int)] / 255
        assert np.abs(told - dim).max() < 0.006


def test_less_light_is_darker_and_the_grain_moves() -> None:
    picture = np.full((480, 640, 3), 140, np.uint8)
    dark, again = expose(picture, 0.25, 1), expose(picture, 0.25, 2)
    assert dark.mean() < 80
    assert (dark != again).mean() > 0.5
    assert 1.5 < float(dark.std()) < 3.5


@pytest.mark.parametrize("wrong", [0.1, 1.5, -1])
def test_light_has_limits(stage: Stage, wrong: float) -> None:
    with pytest.raises(ValueError, match="light"):
        stage.light = wrong


def test_the_stage_knows_its_people_and_actions(stage: Stage) -> None:
    assert stage.cast == PEOPLE
    assert stage.person == "one"
    with pytest.raises(ValueError, match="one, two"):
        stage.person = "three"
    with pytest.raises(ValueError, match="turn_left"):
        stage.prompt("dance")
    with pytest.raises(ValueError, match="behind"):
        stage.prompt("follow_dot", "behind")
    with pytest.raises(ValueError, match="ultraviolet"):
        stage.shine("ultraviolet")
    assert (stage.other("one"), stage.other("two")) == ("two", "one")
    with pytest.raises(ValueError, match="juggling"):
        stage.scene = "juggling"  # type: ignore[assignment]


def test_the_stage_is_set_while_the_camera_reads(stage: Stage, clips: dict[str, Clips]) -> None:
    capture = SimulatedCapture(stage, clips, sleep=lambda _: None)
    stop = threading.Event()

    def set_the_stage() -> None:
        while not stop.is_set():
            for person in PEOPLE:
                stage.person = person
                stage.prompt("nod")

    thread = threading.Thread(target=set_the_stage)
    thread.start()
    try:
        for _ in range(50):
            frame(capture)
    finally:
        stop.set()
        thread.join()


def test_a_frame_costs_little(stage: Stage, clips: dict[str, Clips], clock: Clock) -> None:
    capture = SimulatedCapture(stage, clips, clock=clock, sleep=clock.sleep)
    frame(capture)
    costs = []
    for _ in range(30):
        begin_s = time.process_time()
        frame(capture)
        costs.append(time.process_time() - begin_s)
    assert float(np.median(costs)) < 0.010
