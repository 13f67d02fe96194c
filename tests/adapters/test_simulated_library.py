"""Clips are rendered once, kept in the cache, and made again when damaged."""

import os
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from proctor.adapters.simulated import clips as store
from proctor.adapters.simulated import demo_cast, library, prepare
from proctor.adapters.simulated.casting import Person, Wear, read_cast
from proctor.adapters.simulated.clips import Clips, encode, encode_cover
from proctor.adapters.simulated.errors import StudioUnavailable, no_moderngl, no_opengl
from proctor.adapters.simulated.scenes import EMPTY_ROOM, PORTRAIT
from proctor.adapters.simulated.studio import renderer, shoot

PICTURE = encode(np.full((480, 640, 3), 99, np.uint8))
COVER = encode_cover(np.full((480, 640), 200, np.uint8))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ANXUE_CACHE", str(tmp_path / "安学 cache"))
    library.forget()
    yield tmp_path / "安学 cache"
    library.forget()


@pytest.fixture
def shot(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of those who were rendered; rendering itself is replaced."""
    names: list[str] = []

    def fake(person: Person, progress: Callable[[float], None], *, quick: bool) -> Clips:
        assert quick != (person in demo_cast().people)
        names.append(person.name)
        progress(0.5)
        return Clips(
            person.name,
            {PORTRAIT[0]: (PICTURE, PICTURE), EMPTY_ROOM: (PICTURE,)},
            {PORTRAIT[0]: (COVER, COVER)},
        )

    monkeypatch.setattr(shoot, "shoot", fake)
    return names


def test_everybody_is_rendered_once(shot: list[str], cache: Path) -> None:
    told: list[tuple[str, float]] = []
    first = library.prepared(progress=lambda name, done: told.append((name, done)))
    again = library.prepared()
    assert shot == list(demo_cast().names)
    assert first == again
    assert (demo_cast().names[0], 0.5) in told
    assert told[-1] == (demo_cast().names[-1], 1.0)
    assert len(list((cache / "learner").rglob("*.zip"))) == len(shot)


@pytest.mark.parametrize("damage", [b"", b"PK\3\4nonsense"])
def test_a_damaged_file_is_made_again(shot: list[str], cache: Path, damage: bytes) -> None:
    name = demo_cast().names[0]
    library.prepared([name])
    file = next((cache / "learner").rglob("*.zip"))
    file.write_bytes(damage)
    assert library.prepared([name])[name].pictures[EMPTY_ROOM] == (PICTURE,)
    assert shot == [name, name]


def test_a_flipped_byte_is_seen(shot: list[str], cache: Path) -> None:
    name = demo_cast().names[0]
    library.prepared([name])
    file = next((cache / "learner").rglob("*.zip"))
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 1
    file.write_bytes(data)
    library.prepared([name])
    assert shot == [name, name]


def test_old_renderings_are_deleted(cache: Path) -> None:
    for number in range(5):
        path = cache / "learner" / str(number) / "a.zip"
        store.save(Clips("a", {"clip": (PICTURE,)}), path)
        os.utime(path, (number, number))
    assert sorted(each.parent.name for each in cache.rglob("*.zip")) == ["2", "3", "4"]


def test_a_failed_save_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    path = cache / "learner" / "x" / "a.zip"
    with pytest.raises(OSError, match="space"):
        store.save(Clips("a", {"clip": (PICTURE,)}), path)
    assert not list(path.parent.iterdir())


def test_another_person_is_another_file() -> None:
    one, two = demo_cast().people[:2]
    assert store.place(one) != store.place(two)
    changed = one.model_copy(update={"seed": one.seed + 1})
    assert store.fingerprint(changed) != store.fingerprint(one)
    renamed = one.model_copy(update={"label_zh": "某人"})
    assert store.fingerprint(renamed) == store.fingerprint(one)


def test_a_cover_is_kept_with_the_picture(shot: list[str]) -> None:
    name = demo_cast().names[0]
    for _ in range(2):
        kept = library.prepared([name])[name]
        cover = kept.cover(*PORTRAIT)
        assert cover.shape == (480, 640)
        assert float(cover.mean()) == pytest.approx(200, abs=1)
        assert not kept.cover("unknown", 0).any()


def test_a_still_picture_is_remembered_and_not_to_be_written_to(shot: list[str]) -> None:
    kept = library.prepared()[demo_cast().names[0]]
    still = kept.still(EMPTY_ROOM, 0)
    assert kept.still(EMPTY_ROOM, 0) is still
    with pytest.raises(ValueError, match="read-only"):
        still[0] = 0


def test_varied_people_are_rendered_quickly_and_kept_apart(shot: list[str], cache: Path) -> None:
    person = demo_cast().people[0]
    masked = person.model_copy(update={"wear": Wear.MASK})
    library.clips_of(person)
    assert library.clips_of(masked) is library.clips_of(masked.model_copy())
    assert shot == [person.name, person.name]
    assert len(list((cache / "learner" / "varied").iterdir())) == 1
    assert store.place(person).exists()


def test_old_variations_are_deleted(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "VARIED_KEPT", 2)
    for number in range(4):
        path = cache / "learner" / "varied" / f"{number}.zip"
        store.save(Clips("a", {"clip": (PICTURE,)}), path)
        os.utime(path, (number, number))
    assert sorted(each.stem for each in cache.rglob("*.zip")) == ["2", "3"]


def test_the_portrait_is_the_neutral_picture(shot: list[str]) -> None:
    picture = library.portrait(demo_cast().names[0])
    assert picture.shape == (480, 640, 3)
    assert float(picture.mean()) == pytest.approx(99, abs=1)
    assert shot == [demo_cast().names[0]]


def test_the_command_shows_progress(shot: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert prepare.main([]) == 0
    assert prepare.main([]) == 0
    assert len(shot) == len(demo_cast().names)
    out = capsys.readouterr().out
    assert "100%" in out
    assert demo_cast().people[0].label_zh in out


def test_the_command_refuses_strangers(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        prepare.main(["nobody"])
    assert ended.value.code == 2
    assert demo_cast().names[0] in capsys.readouterr().err


def test_without_opengl_the_command_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import moderngl

    def refuse(**_: object) -> None:
        raise OSError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setattr(moderngl, "create_context", refuse)
    assert prepare.main([]) == 1
    told = capsys.readouterr().err
    assert "libegl1 libgl1-mesa-dri" in told
    assert "无法绘制" in told


def test_without_the_drawing_library_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moderngl", None)
    with pytest.raises(StudioUnavailable, match=r"dev\.py demo"), renderer.studio():
        pass


@pytest.mark.parametrize("error", [no_moderngl(), no_opengl("why")])
def test_errors_speak_both_languages(error: StudioUnavailable) -> None:
    assert str(error) == f"{error.zh}\n{error.en}"


def test_a_cast_without_company_is_refused() -> None:
    fields = 'label_zh="一"\nlabel_en="One"\nseed=1\nmale=0\nage=30\ncompanion="a"'
    with pytest.raises(ValueError, match="companion"):
        read_cast(f"[a]\n{fields}")


def test_the_cast_is_grown_up() -> None:
    assert all(person.age >= 18 for person in demo_cast().people)
