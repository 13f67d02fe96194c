"""A crowd is varied, the same each time, and only of those whom the models take for living."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from proctor.adapters.models import FaceModels
from proctor.adapters.simulated import crowd as crowds
from proctor.adapters.simulated.casting import Person, Wear, demo_cast
from proctor.adapters.simulated.crowd import candidates, crowd, screened
from proctor.adapters.simulated.motion import NEUTRAL
from proctor.adapters.simulated.studio.renderer import studio
from proctor.adapters.simulated.studio.shoot import over, room_picture
from proctor.observation import FaceObservation
from resources.cache import cache_dir


def test_people_differ_and_repeat() -> None:
    some = list(itertools.islice(candidates(3), 12))
    assert some == list(itertools.islice(candidates(3), 12))
    assert some != list(itertools.islice(candidates(4), 12))
    assert len({person.seed for person in some}) == 12
    assert {person.origin for person in some} == {shares for shares, _ in crowds.ORIGINS.values()}
    assert {person.male for person in some} == {0.0, 1.0}
    assert all(18 <= person.age <= 65 for person in some)
    assert max(person.skin for person in some) - min(person.skin for person in some) > 0.4


def test_who_fails_a_gate_is_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANXUE_CACHE", str(tmp_path))
    looked: list[str] = []

    def judged(person: Person, _look: crowds.Look, at_ns: int = 0) -> tuple[str, int]:
        looked.append(person.name)
        return ("mouth open" if len(looked) % 3 == 0 else ""), at_ns + 1

    def blind(*_: object) -> FaceObservation:
        raise AssertionError("not to be looked at")

    monkeypatch.setattr(crowds, "screened", judged)
    first = crowd(1, 4, blind)
    assert [name for name, _ in first.dropped] == ["crowd1_002"]
    assert dict(first.dropped)["crowd1_002"] == "mouth open"
    assert [person.name[-3:] for person in first.people] == ["000", "001", "003", "004"]
    assert crowd(1, 4, blind) == first
    assert len(looked) == 5


@pytest.fixture(scope="module")
def models() -> Iterator[FaceModels]:
    loaded = FaceModels.load(cache_dir() / "models")
    yield loaded
    loaded.close()


@pytest.mark.models
def test_the_first_of_a_crowd_is_taken_for_living(models: FaceModels) -> None:
    person = next(candidates(1))
    why, at_ns = screened(person, models.observe, 0)
    assert why == ""
    assert at_ns > 0


@pytest.mark.models
def test_masks_and_glasses_are_seen_as_such(models: FaceModels) -> None:
    person, at_ns, read = demo_cast().people[0], 10**12, {}
    with studio(0) as shop:
        for wear in Wear:
            shop.seat(person.model_copy(update={"wear": wear}))
            picture = over(shop.photograph(NEUTRAL), room_picture(person.room))
            seen = models.observe(picture, at_ns)
            for _ in range(3):
                at_ns += 66_000_000
                seen = models.observe(picture, at_ns)
            assert seen.count == 1, wear
            assert seen.face is not None, wear
            read[wear] = seen.face.mask, seen.face.dark_glasses
    assert read[Wear.MASK][0] > 0.5
    assert read[Wear.DARK_GLASSES][1] > 0.5
    for wear in (Wear.NOTHING, Wear.GLASSES):
        assert max(read[wear]) < 0.5, wear
