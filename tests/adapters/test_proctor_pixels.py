"""What the pixels of a frame tell: grain, sameness, a covered lens, screens and frames."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from proctor.adapters import pixels, texture
from proctor.ports import Picture

BOX = (0.36, 0.3, 0.28, 0.45)
LEFT, TOP, RIGHT, BOTTOM = 230, 144, 410, 360


def room(level: int = 120, grain: float = 2.5, seed: int = 0) -> Picture:
    """A wall with a window, a shelf and somebody before it, in grey."""
    flat = np.full((480, 640), float(level))
    flat += np.linspace(-15, 15, 640)
    flat[40:200, 60:180] += 60
    flat[150:160, 430:640] -= 50
    person = np.zeros((480, 640), np.uint8)
    cv2.ellipse(person, (320, 250), (90, 115), 0, 0, 360, 1, -1)
    cv2.ellipse(person, (320, 480), (200, 120), 0, 0, 360, 2, -1)
    flat[person == 1] = level + 30
    flat[person == 2] = level - 50
    soft = cv2.GaussianBlur(flat, (5, 5), 1.5)
    noise = np.random.default_rng(seed).normal(0, max(grain, 1e-9), soft.shape)
    grey = np.clip(np.rint(soft + noise), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def as_jpeg(picture: Picture, quality: int) -> Picture:
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    back = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert back is not None
    return back.astype(np.uint8, copy=False)


def small(picture: Picture) -> pixels.Grey:
    return pixels.grey(pixels.shrink(picture))


class TestSameness:
    def test_the_digest_is_equal_for_equal_frames_only(self) -> None:
        assert pixels.digest(room()) == pixels.digest(room().copy())
        assert pixels.digest(room()) != pixels.digest(room(seed=1))
        assert pixels.digest(room()) != pixels.digest(room()[:, ::-1])

    def test_the_thumbnail_does_not_see_grain(self) -> None:
        one, other = (pixels.thumbnail(small(room(seed=seed))) for seed in (0, 1))
        assert one.shape == (12, 16) and one.dtype == np.uint8
        assert np.abs(one.astype(int) - other).max() <= 1


class TestGrain:
    @pytest.mark.parametrize("sigma", [1.0, 2.5, 6.0])
    def test_is_measured(self, sigma: float) -> None:
        assert pixels.grain(room(grain=sigma)) == pytest.approx(sigma, rel=0.15)

    def test_none_where_there_is_none(self) -> None:
        assert pixels.grain(room(grain=0)) < 0.12
        assert pixels.grain(np.zeros((480, 640, 3), np.uint8)) == 0.0
        assert pixels.grain(np.full((480, 640, 3), 255, np.uint8)) == 0.0
        assert pixels.grain(np.full((8, 8, 3), 99, np.uint8)) == 0.0

    def test_texture_is_not_taken_for_it(self) -> None:
        striped = room(grain=1.0)
        checks = (np.indices((480, 240)) % 7 < 4).prod(axis=0) * 120 + 40
        striped[:, 400:] = checks[..., None]
        assert pixels.grain(striped) == pytest.approx(1.0, rel=0.25)


class TestCovered:
    def test_a_hand_before_the_lens(self) -> None:
        for level in (0, 6, 40, 130, 255):
            grey = np.full((480, 640, 3), level, np.uint8)
            assert pixels.covered(small(grey))
        sloped = np.linspace(60, 110, 640)[None, :, None] + np.linspace(0, 20, 480)[:, None, None]
        noise = np.random.default_rng(0).normal(0, 4, (480, 640, 3))
        assert pixels.covered(small(np.clip(sloped + noise, 0, 255).astype(np.uint8)))

    def test_black_with_a_hot_pixel_and_grain(self) -> None:
        noise = np.random.default_rng(0).normal(3, 3, (480, 640, 3))
        black = np.clip(noise, 0, 255).astype(np.uint8)
        black[100, 200] = 255
        assert pixels.covered(small(black))

    @pytest.mark.parametrize("level", [70, 25])
    def test_a_dark_room_is_none(self, level: int) -> None:
        dark = (room(grain=0).astype(np.float32) * level / 200).astype(np.float32)
        noise = np.random.default_rng(0).normal(0, 4, dark.shape)
        assert not pixels.covered(small(np.clip(dark + noise, 0, 255).astype(np.uint8)))


class TestBehind:
    def test_the_wall_and_not_the_face_or_the_clothes(self) -> None:
        picture = np.full((480, 640, 3), (10, 20, 30), np.uint8)
        picture[TOP:BOTTOM, LEFT:RIGHT] = 255
        picture[BOTTOM:] = 200
        assert pixels.behind(pixels.shrink(picture), BOX) == pytest.approx((30, 20, 10), abs=1)

    def test_a_face_that_fills_the_frame_leaves_the_edges(self) -> None:
        picture = np.full((480, 640, 3), 50, np.uint8)
        found = pixels.behind(pixels.shrink(picture), (-0.2, 0.0, 1.4, 1.0))
        assert found == pytest.approx((50, 50, 50), abs=1)
        assert pixels.behind(pixels.shrink(picture), None) == pytest.approx((50, 50, 50), abs=1)


class TestFacts:
    def test_the_size_is_the_cameras(self) -> None:
        large = np.asarray(cv2.resize(room(), (1280, 960)), np.uint8)
        facts = pixels.facts(large, BOX)
        assert (facts.width, facts.height) == (1280, 960)
        assert facts.thumbnail.shape == (12, 16)
        assert (facts.moire, facts.border, facts.passive) == (0, 0, None)

    @pytest.mark.parametrize("shape", [(1, 1), (3, 640), (480, 2), (40, 40)])
    def test_any_size_is_no_error(self, shape: tuple[int, int]) -> None:
        tiny = np.full((*shape, 3), 90, np.uint8)
        assert pixels.facts(tiny, BOX).width == shape[1]
        assert texture.look(tiny, BOX).moire == 0


class TestMoire:
    @staticmethod
    def screened(strength: float, period: float = 6.3) -> Picture:
        rows, columns = np.mgrid[:480, :640]
        wave = np.sin((0.8 * columns + 0.6 * rows) * 2 * np.pi / period)
        both = room().astype(np.float64) + strength * wave[..., None]
        return np.asarray(np.clip(np.rint(both), 0, 255), np.uint8)

    @pytest.mark.parametrize("strength", [3.0, 6.0, 12.0])
    def test_a_screens_pattern(self, strength: float) -> None:
        assert texture.moire(pixels.grey(self.screened(strength)), BOX) > 0.6
        assert texture.moire(pixels.grey(as_jpeg(self.screened(strength), 85)), BOX) > 0.4

    @pytest.mark.parametrize("quality", [40, 70, 90])
    def test_jpeg_is_none(self, quality: int) -> None:
        found = [
            texture.moire(pixels.grey(as_jpeg(room(seed=seed), quality)), BOX) for seed in range(3)
        ]
        assert np.median(found) < 0.3

    def test_grain_is_none(self) -> None:
        found = [texture.moire(pixels.grey(room(grain=6, seed=seed)), BOX) for seed in range(4)]
        assert max(found) < 0.3

    def test_a_striped_shirt_beside_the_face_is_none(self) -> None:
        picture = room()
        picture[400:] = np.where((np.arange(640) + 5) % 8 < 4, 40, 200)[None, :, None]
        assert texture.moire(pixels.grey(picture), BOX) < 0.3


class TestBorder:
    @staticmethod
    def framed(turn: float = 0.0) -> Picture:
        picture = room(grain=0)
        paper = np.full((480, 640), 235, np.uint8)
        paper[30:450, 160:480] = room(grain=0)[30:450, 160:480, 0]
        outline = cv2.boxPoints(((320, 240), (344, 444), turn)).astype(np.int32)
        mask = cv2.fillPoly(np.zeros((480, 640), np.uint8), [outline], 1)
        picture[mask == 1] = paper[mask == 1][:, None]
        return picture

    @pytest.mark.parametrize("turn", [0, 3, -6])
    def test_paper_about_a_face(self, turn: float) -> None:
        assert texture.border(small(self.framed(turn)), BOX) > 0.5

    def test_a_room_with_lines_is_none(self) -> None:
        assert texture.border(small(room()), BOX) < 0.3

    def test_nothing_to_see(self) -> None:
        assert texture.border(np.full((120, 160), 99, np.uint8), BOX) == 0.0
        assert texture.border(small(room()), (0.5, 0.5, 0.01, 0.01)) == 0.0
