"""The policy's passive model reaches the models that read the camera, or is done without."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import pytest

from app.bootstrap.camera import passive_model
from tests.adapters.test_proctor_passive import COLOURS


def test_the_file_that_the_policy_names_is_used(tmp_path: Path) -> None:
    path = tmp_path / "防伪.onnx"
    path.write_bytes(COLOURS)
    assert passive_model(str(path), hashlib.sha256(COLOURS).hexdigest()) is not None


def test_no_name_is_no_model() -> None:
    assert passive_model("", "") is None


@pytest.mark.parametrize("content", [None, b"another file", COLOURS])
def test_a_check_goes_on_without_one_that_is_not_it(
    content: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "model.onnx"
    if content is not None:
        path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert passive_model(str(path), "0" * 64) is None
    assert "passive model" in caplog.text
