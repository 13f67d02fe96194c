"""A presentation runs on a clock of its own, is the same each time, and hears as people do."""

import itertools
import time

import numpy as np
import pytest

from proctor.adapters.simulated import Person, Presentation, Scene, Spec, Wear, demo_cast
from proctor.adapters.simulated.glow import Surface, shone
from proctor.adapters.simulated.presentation import CAMERA, VIRTUAL_CAMERA
from proctor.adapters.simulated.scenes import LOOP, VIRTUAL
from proctor.light import TINT_RGB
from proctor.ports import Picture, Prompted
from proctor.schedule import Tint

WOMAN, MAN, OLDER = demo_cast().people
SECOND = 1_000_000_000
FACE = (slice(180, 310), slice(260, 380))


def frames(shown: Presentation, count: int) -> list[tuple[int, Picture]]:
    """The next frames that are not lost."""
    out: list[tuple[int, Picture]] = []
    while len(out) < count:
        at_ns, picture = shown.frame()
        if picture is not None:
            out.append((at_ns, picture))
    return out


@pytest.mark.parametrize("scene", Scene)
def test_the_same_to_the_bit_each_time(scene: Scene) -> None:
    def some() -> list[bytes]:
        shown = Presentation(Spec(WOMAN, scene, seed=4, light=0.6))
        shown.prompt("turn_left")
        shown.shine("warm")
        return [picture.tobytes() for _, picture in frames(shown, 4)]

    assert some() == some()


def test_it_fits_the_port() -> None:
    told: Prompted = Presentation(Spec(WOMAN))
    told.prompt("follow_dot", "up")
    told.shine(None)


@pytest.mark.parametrize("fps", [10.0, 15.0, 30.0])
def test_a_camera_is_never_quite_on_time(fps: float) -> None:
    shown = Presentation(Spec(WOMAN, fps=fps), begin_ns=7 * SECOND)
    times = [at_ns for at_ns, _ in frames(shown, 60)]
    gaps = np.diff(times) / 1e9
    assert times[0] > 7 * SECOND
    assert gaps.mean() == pytest.approx(1 / fps, rel=0.02)
    assert 0.03 < gaps.std() * fps < 0.15


@pytest.mark.parametrize("scene", sorted(VIRTUAL))
def test_what_a_program_feeds_in_is(scene: Scene) -> None:
    spec = Spec(WOMAN, scene)
    times = [at_ns for at_ns, _ in frames(Presentation(spec), 30)]
    assert np.ptp(np.diff(times)) <= 1
    assert spec.device == VIRTUAL_CAMERA
    assert Spec(WOMAN).device == CAMERA


def test_a_loop_comes_again_to_the_bit_and_a_living_person_never() -> None:
    looped = [picture.tobytes() for _, picture in frames(Presentation(Spec(MAN, Scene.LOOPED)), 20)]
    again = Presentation(Spec(MAN, Scene.LOOPED))
    frames(again, len(LOOP))
    assert [picture.tobytes() for _, picture in frames(again, 20)] == looped
    living = [picture.tobytes() for _, picture in frames(Presentation(Spec(MAN)), 100)]
    assert len(set(living)) == 100


def test_frames_are_lost_as_often_as_asked() -> None:
    shown = Presentation(Spec(WOMAN, drop=0.2))
    lost = [shown.frame()[1] is None for _ in range(200)]
    assert 20 <= sum(lost) <= 60


@pytest.mark.parametrize("noise", [0.0, 2.5, 8.0])
def test_the_grain_is_as_coarse_as_asked(noise: float) -> None:
    shown = Presentation(Spec(MAN, Scene.NOBODY, noise=noise))
    (_, one), (_, other) = frames(shown, 2)
    spread = (one.astype(float) - other).std() / np.sqrt(2)
    assert spread == pytest.approx(noise, abs=0.5)


def test_prompts_may_be_told_every_frame() -> None:
    shown, seen = Presentation(Spec(WOMAN, noise=0.0)), []
    (_, rest), *_ = frames(shown, 1)
    for _ in range(40):
        shown.prompt("turn_left")
        seen += [np.abs(picture.astype(int) - rest).mean() for _, picture in frames(shown, 1)]
    assert max(seen) > 4 * np.median(seen[:4])


def test_the_screen_is_seen_a_moment_later() -> None:
    shown = Presentation(Spec(WOMAN, light=0.4, fps=30))
    before = np.mean([picture[FACE].mean() for _, picture in frames(shown, 3)])
    shown.shine("white")
    ((_, soon),) = frames(shown, 1)
    assert soon[FACE].mean() == pytest.approx(before, abs=1.5)
    later = np.mean([picture[FACE].mean() for _, picture in frames(shown, 5)[2:]])
    assert later > before + 4


def chroma(picture: Picture, where: tuple[slice, slice]) -> list[float]:
    """Percentages of blue, green, red."""
    mean = picture[where].reshape(-1, 3).mean(0)
    return [100 * float(each) / float(mean.sum()) for each in mean]


@pytest.mark.parametrize("person", [WOMAN, MAN])
@pytest.mark.parametrize(("light", "least", "most"), [(1.0, 0.2, 0.9), (0.25, 1.0, 3.2)])
def test_the_faces_colour_follows_the_screens(
    person: Person, light: float, least: float, most: float
) -> None:
    """Points by which a face turns towards the tint, against white (shared/measured)."""
    lit = {}
    for tint in Tint:
        shown = Presentation(Spec(person, light=light, noise=0.0))
        shown.shine(tint)
        lit[tint] = frames(shown, 3)[-1][1]
    for tint, channel in ((Tint.BLUE, 0), (Tint.GREEN, 1), (Tint.WARM, 2)):
        own = chroma(lit[tint], FACE)[channel] - chroma(lit[Tint.WHITE], FACE)[channel]
        assert least < own < most, tint


def test_glass_gives_back_a_haze_whatever_it_shows() -> None:
    dark = np.full((480, 640, 3), 20, np.uint8)
    everywhere = np.full((480, 640), 255, np.uint8)
    glass = shone(dark, Surface(everywhere, matt=0.0, haze=0.04), "white", 1.0)
    paper = shone(dark, Surface(everywhere), "white", 1.0)
    assert glass.mean() > 24
    assert paper.mean() < 22
    assert shone(dark, Surface(everywhere), None, 1.0) is dark
    assert set(TINT_RGB) == set(Tint)


def test_what_is_worn_or_nearer_is_another_rendering() -> None:
    spec = Spec(WOMAN, wear=Wear.MASK, near=1.2)
    assert (spec.dressed.wear, spec.dressed.near) == (Wear.MASK, 1.2)
    assert Spec(WOMAN).dressed is WOMAN


@pytest.mark.parametrize("scene", [Scene.OTHER_PERSON, Scene.TWO_PEOPLE, Scene.PRINT_EYES])
def test_somebody_else_can_be_chosen(scene: Scene) -> None:
    pictures = [
        frames(Presentation(Spec(WOMAN, scene, seed=2, other=other)), 1)[0][1]
        for other in (MAN, OLDER, None)
    ]
    for one, two in itertools.combinations(pictures[:2], 2):
        assert np.abs(one.astype(int) - two).mean() > 0.1
    # by default it is the companion
    assert WOMAN.companion == OLDER.name
    assert (pictures[2] == pictures[1]).all()


def test_a_frame_costs_little() -> None:
    worst = {}
    for scene in Scene:
        shown, costs = Presentation(Spec(MAN, scene)), []
        shown.shine("green")
        frames(shown, 2)
        for _ in range(7):
            begin_s = time.process_time()
            shown.frame()
            costs.append(time.process_time() - begin_s)
        worst[scene] = float(np.median(costs))
    assert max(worst.values()) < 0.025, worst
