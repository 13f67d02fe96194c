"""The passive model: a real network from memory, and what is said of bad ones."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from proctor.adapters.passive import SIDE, PassiveModel, PassiveModelError, crop
from proctor.ports import Picture

BOX = (0.4, 0.4, 0.2, 0.2)


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _tensor(name: str, values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> bytes:
    dims = b"".join(_number(1, size) for size in values.shape)
    return dims + _number(2, 1) + _bytes(8, name) + _bytes(9, values.astype("<f4").tobytes())


def _node(operation: str, inputs: list[str], output: str, attributes: bytes = b"") -> bytes:
    names = b"".join(_bytes(1, each) for each in inputs)
    return names + _bytes(2, output) + _bytes(3, output) + _bytes(4, operation) + attributes


def _whole(name: str, value: int) -> bytes:
    return _bytes(5, _bytes(1, name) + _number(3, value) + _number(20, 2))


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, size)) for size in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, 1) + _bytes(2, dims)))


def network(weights: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> bytes:
    """An ONNX file: mean blue, green, red of the picture, times float32[classes, 3]."""
    classes = len(weights)
    nodes = [
        _node("GlobalAveragePool", ["input"], "pooled"),
        _node("Flatten", ["pooled"], "flat", _whole("axis", 1)),
        _node("Gemm", ["flat", "weights", "bias"], "scores", _whole("transB", 1)),
    ]
    graph = b"".join(_bytes(1, each) for each in nodes) + _bytes(2, "colours")
    graph += _bytes(5, _tensor("weights", weights))
    graph += _bytes(5, _tensor("bias", np.zeros(classes, np.float32)))
    graph += _bytes(11, _value("input", (1, 3, SIDE, SIDE)))
    graph += _bytes(12, _value("scores", (1, classes)))
    opset = _bytes(8, _bytes(1, "") + _number(2, 13))
    return _number(1, 8) + opset + _bytes(7, graph)


COLOURS = network(np.eye(3, dtype=np.float32) * 0.1)
"""Print, live, replay: as blue, green, red as the picture is."""


def plain(blue: int, green: int, red: int) -> Picture:
    return np.full((480, 640, 3), (blue, green, red), np.uint8)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "活体检测.onnx"
    path.write_bytes(COLOURS)
    return path


def test_reads_a_probability(file: Path) -> None:
    model = PassiveModel.load(file, hashlib.sha256(COLOURS).hexdigest().upper())
    assert model.living(plain(60, 160, 60), BOX) == pytest.approx(1, abs=0.001)
    assert model.living(plain(60, 60, 160), BOX) == pytest.approx(0, abs=0.001)
    even = model.living(plain(90, 90, 90), BOX)
    assert even == pytest.approx(1 / 3, abs=0.001)


def test_which_class_is_living_is_the_policys() -> None:
    assert PassiveModel(COLOURS, live=2).living(plain(0, 0, 200), BOX) == pytest.approx(1, abs=1e-3)
    with pytest.raises(PassiveModelError, match="3 classes"):
        PassiveModel(COLOURS, live=3)


def test_a_box_too_small_to_see_anything_has_no_answer() -> None:
    assert PassiveModel(COLOURS).living(plain(0, 200, 0), (0.5, 0.5, 0.01, 0.01)) is None


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(PassiveModelError, match="No such file") as caught:
        PassiveModel.load(tmp_path / "none.onnx", "0" * 64)
    assert caught.value.path.endswith("none.onnx")


def test_another_file_than_the_policy_names(file: Path) -> None:
    with pytest.raises(PassiveModelError, match="SHA-256"):
        PassiveModel.load(file, "0" * 64)


@pytest.mark.parametrize("data", [b"", b"not a network", COLOURS[: len(COLOURS) // 2]])
def test_no_network(data: bytes) -> None:
    with pytest.raises(PassiveModelError):
        PassiveModel(data)


def test_a_network_of_another_shape() -> None:
    with pytest.raises(PassiveModelError):
        PassiveModel(network(np.ones((1, 3), np.float32)))
    with pytest.raises(PassiveModelError):
        PassiveModel(network(np.ones((3, 5), np.float32)))


def test_scores_that_are_no_numbers() -> None:
    with pytest.raises(PassiveModelError, match="no numbers"):
        PassiveModel(network(np.full((3, 3), np.nan, np.float32)))


def test_the_crop_is_wider_than_the_face_and_stays_inside() -> None:
    picture = plain(0, 0, 0)
    picture[192:288, 256:384] = 255  # the face's box
    middle = crop(picture, BOX)
    assert middle is not None and middle.shape == (SIDE, SIDE, 3)
    lit = (middle[..., 0] > 127).mean()
    assert lit == pytest.approx(1 / 2.7**2, abs=0.02)
    # at the edge the cut is moved, not made smaller
    picture = plain(0, 0, 0)
    picture[:96, :128] = 255
    corner = crop(picture, (0.0, 0.0, 0.2, 0.2))
    assert corner is not None and corner[2, 2, 0] == 255
    assert (corner[..., 0] > 127).mean() == pytest.approx(1 / 2.7**2, abs=0.02)
    # a face that fills the frame leaves no margin
    assert crop(plain(9, 9, 9), (0.0, 0.0, 1.0, 1.0)) is not None
