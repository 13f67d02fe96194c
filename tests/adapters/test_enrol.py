"""`main.py enrol`: a photograph becomes the face that sign-in is compared with, on a real platform.

The photographs are of a simulated person, judged by the real models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest

import main
from proctor.adapters.models import FILES, FaceModels
from proctor.adapters.opencv import cv2
from proctor.adapters.simulated import portrait
from sync import seal, trust
from sync.contract import API
from sync.reference.demo import DEMO_LEARNER
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.keys import institution_token
from tests.conftest import shared_cache
from tests.contract.course import make_course
from tests.contract.learner import sign_in
from tests.contract.serve import COURSE, command

pytestmark = pytest.mark.models


@dataclass(frozen=True)
class Office:
    """An institution's office: its platform, its token, and photographs of two people."""

    url: str
    certificate: Path
    token_file: Path
    photos: Path

    def enrol(self, *names: str) -> int:
        photos = [str(self.photos / name) for name in names]
        return main.main(
            ["--platform", self.url, "enrol", DEMO_LEARNER.id,
             "--token-file", str(self.token_file), "--photo", *photos]
        )  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    if not all((shared_cache() / "models" / name).exists() for name in FILES):
        pytest.skip("the face models are not there: python3 dev.py models")
    folder = tmp_path_factory.mktemp("办公室")
    make_course(folder / COURSE)
    for name, person in (("林桂芳.jpg", "lin_guifang"), ("陈国强.png", "chen_guoqiang")):
        picture = portrait(person)
        coded = cv2.imencode(Path(name).suffix, picture)[1]
        (folder / name).write_bytes(coded.tobytes())
    blurred = cv2.GaussianBlur(portrait("lin_guifang"), (0, 0), 9)
    (folder / "模糊.jpg").write_bytes(cv2.imencode(".jpg", blurred)[1].tobytes())
    empty = np.full((480, 640, 3), 90, np.uint8)
    (folder / "空.jpg").write_bytes(cv2.imencode(".jpg", empty)[1].tobytes())
    (folder / "坏.jpg").write_bytes(b"not a picture")
    with EmbeddedPlatform(command(folder)) as platform:
        token = folder / "token"
        token.write_text(institution_token(folder / "data"), "ascii")
        yield Office(platform.url, platform.certificate, token, folder)


def answer_to(office: Office, person: str) -> str:
    """What the platform says of this person's face when the learner signs in."""
    models = FaceModels.load(shared_cache() / "models")
    try:
        face = models.embed(portrait(person))
    finally:
        models.close()
    assert face is not None
    certificate = trust.load(office.certificate.read_text("ascii"))
    with httpx.Client(base_url=f"{office.url}{API}", timeout=20) as http:
        run = sign_in(http, certificate, DEMO_LEARNER.login, DEMO_LEARNER.password)
        asked = {"chain": run.chain, "embedding": seal.to_base64url(face.astype("<f4").tobytes())}
        told = run.post("/identity", asked)
        assert told.status_code == 200, told.text
        return str(told.json()["answer"])


def test_a_photograph_is_what_sign_in_is_compared_with(
    office: Office, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.enrol("林桂芳.jpg") == 0
    assert "已登记" in capsys.readouterr().out
    assert answer_to(office, "lin_guifang") == "same"
    assert answer_to(office, "huang_zhiming") != "same"


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["模糊.jpg"], "模糊"),
        (["空.jpg"], "没有找到人脸"),
        (["坏.jpg"], "无法读取"),
        (["没有.jpg"], "无法读取"),
    ],
)
def test_what_can_not_be_relied_on_is_refused_with_its_reason(
    office: Office, names: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.enrol(*names) == 1
    assert why in capsys.readouterr().err


def test_a_wrong_token_enrols_nobody(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "token"
    wrong.write_text("guessed", "ascii")
    stranger = Office(office.url, office.certificate, wrong, office.photos)
    assert stranger.enrol("林桂芳.jpg") == 1
    assert "没有登记" in capsys.readouterr().err
