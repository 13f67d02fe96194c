"""`main.py proctor-eval` on clips it has never seen: living, attacks, odd, broken."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import main as program
from proctor.adapters.examiner import SUFFIXES, clips_in, statement_of
from proctor.adapters.models import FILES
from proctor.adapters.simulated import Scene, demo_cast
from proctor.adapters.simulated.presentation import Spec
from proctor.clip import Remark
from resources.cache import cache_dir
from tests import odd_films
from tests.recorded import noise, record, state

needs_models = pytest.mark.skipif(
    not all((cache_dir() / "models" / name).exists() for name in FILES),
    reason="the face models are not there: python3 dev.py models",
)


@dataclass(frozen=True)
class Run:
    """What one run of the command wrote and showed."""

    code: int
    report: dict[str, Any]
    shown: str

    def file(self, name: str) -> dict[str, Any]:
        """What it wrote of one file."""
        return next(each for each in self.report["files"] if each["file"] == name)


def run(folder: Path, answer: Path) -> Run:
    shown = io.StringIO()
    # computed faces are more alike than people's: thresholds that lie between them
    thresholds = ["--match-accept", "0.72", "--match-alert", "0.64"]
    with contextlib.redirect_stdout(shown):
        code = program.main(["proctor-eval", str(folder), "--json", str(answer), *thresholds])
    return Run(code, json.loads(answer.read_text("utf-8")), shown.getvalue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clips of every kind, the living ones of two people."""
    made = tmp_path_factory.mktemp("录像 clips")
    woman, man = demo_cast()["lin_guifang"], demo_cast()["chen_guoqiang"]
    upright = record(
        made / "live" / "林桂芳" / "手机.mp4",
        Spec(woman, seed=1),
        {1.6: "turn_left"},
        seconds=3.8,
        size=(480, 360),
        turn=90,
    )
    # a telephone's file name, and the statement beside it by the stem
    upright = upright.rename(upright.with_name("手机.MP4"))
    state(upright, "林桂芳", {1.6: "向左转头"}, beside=True)
    quick = made / "live" / "陈.avi"
    script = {1.6: "blink"}
    record(quick, Spec(man, seed=2, fps=30), script, seconds=4.2, codec="MJPG", size=(960, 720))
    state(quick, "陈国强", {1.6: "blink_twice"})
    nothing_asked = made / "live" / "nothing-asked.webm"
    record(nothing_asked, Spec(woman, seed=3, fps=10, light=0.5), seconds=2.4, codec="VP80")
    nothing_asked.with_suffix(".json").write_text('{"person": "林桂芳"}', "utf-8")
    held = record(made / "print" / "held.mp4", Spec(woman, Scene.PRINT_TILTED, seed=4), seconds=2.2)
    state(held, "林桂芳", {1.2: "turn_left"})
    beside = record(made / "two" / "beside.mkv", Spec(man, Scene.TWO_PEOPLE, seed=5), seconds=1.4)
    state(beside, "陈国强", {1.2: "open_mouth", 9.0: "whistle"})
    record(made / "empty chair" / "chair.mov", Spec(man, Scene.NOBODY), seconds=1)
    shutil.copy(nothing_asked, made / "live" / "odd-statement.webm")
    (made / "live" / "odd-statement.webm.json").write_text("[1, 2", "utf-8")
    shutil.copy(nothing_asked, made / "stray.webm")
    (made / "broken").mkdir()
    (made / "broken" / "nothing.mp4").touch()
    noise(made / "broken" / "noise.mkv")
    (made / "broken" / "half.mp4").write_bytes(held.read_bytes()[: held.stat().st_size // 2])
    (made / "broken" / "text.mov").write_text("这不是录像", "utf-8")
    shutil.copy(odd_films.path_of(odd_films.SOUND_ONLY), made / "broken" / "sound.mp4")
    noise(made / "live" / "._手机.MP4")  # what a Mac leaves on a stick
    (made / "live" / "notes.txt").write_text("no clip", "utf-8")
    (made / "nothing here").mkdir()
    return made


@pytest.fixture(scope="module")
def ran(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(folder, tmp_path_factory.mktemp("answer") / "deep" / "结果.json")


@pytest.mark.models
@pytest.mark.slow
@pytest.mark.course
@needs_models
class TestClips:
    def test_it_ran_and_looked_at_every_film(self, ran: Run) -> None:
        assert ran.code == 0
        counts = ran.report["counts"]
        assert (counts["files"], counts["unreadable"], counts["without_label"]) == (13, 5, 1)
        assert counts["labels"]["live"] == {
            "files": 4, "accepted": 4, "referred": 0, "rejected": 0, "no_response": 0,
            "unreadable": 0,
        }  # fmt: skip
        assert set(ran.report["models_sha256"]) == set(FILES)

    def test_the_living_who_did_what_was_asked(self, ran: Run) -> None:
        turned = ran.file("live/林桂芳/手机.MP4")
        assert (turned["decision"], turned["person"]) == ("accepted", "林桂芳")
        assert turned["size"] == [480, 360], "turned as the file says"
        assert turned["actions"][0]["action"] == "turn_left" and turned["actions"][0]["done"]
        quick = ran.file("live/陈.avi")
        assert quick["decision"] == "accepted"
        assert quick["frames_judged"] < 70, "15 a second of 30, as in a check"
        assert "no_turn" in [note["what"] for note in quick["notes"]]

    def test_who_was_asked_nothing_is_counted_apart(self, ran: Run) -> None:
        calm = ran.file("live/nothing-asked.webm")
        assert (calm["decision"], calm["passive"]) == ("accepted", True)
        odd = ran.file("live/odd-statement.webm")
        assert odd["passive"] and [note["what"] for note in odd["notes"]] == ["not_json"]
        assert ran.report["counts"]["without_actions"] == 3
        assert ran.report["with_actions"]["bpcer"]["of"] == 2
        assert ran.report["without_actions"]["bpcer"]["of"] == 2

    def test_attacks(self, ran: Run) -> None:
        held = ran.file("print/held.mp4")
        assert held["decision"] == "rejected" and not held["actions"][0]["done"]
        beside = ran.file("two/beside.mkv")
        assert (beside["decision"], beside["reason"]) == ("rejected", "several_faces")
        assert beside["reason_zh"] and beside["reason_en"]
        assert [note["what"] for note in beside["notes"]] == ["action_unknown", "no_turn"]
        assert ran.report["apcer"] == {"print": 0.0, "two": 0.0}
        assert ran.report["with_actions"]["apcer"]["print"] == {
            "errors": 0, "of": 1, "share": 0.0, "low": 0.0, "high": 0.975,
        }  # fmt: skip

    def test_nobody_is_no_response_and_no_error(self, ran: Run) -> None:
        chair = ran.file("empty chair/chair.mov")
        assert (chair["decision"], chair["reason"]) == ("no_response", "no_face")
        silent = ran.report["without_actions"]["apnrr"]["empty chair"]
        assert (silent["errors"], silent["of"]) == (1, 1)

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("nothing.mp4", "empty_file"),
            ("noise.mkv", "unreadable"),
            ("half.mp4", "unreadable"),
            ("text.mov", "unreadable"),
            ("sound.mp4", "unreadable"),
        ],
    )
    def test_broken_files_say_why(self, ran: Run, name: str, reason: str) -> None:
        found = ran.file(f"broken/{name}")
        assert (found["decision"], found["reason"]) == ("unreadable", reason)
        assert found["reason_zh"] and found["detail"]

    def test_faces_are_compared_across_files(self, ran: Run) -> None:
        identity = ran.report["identity"]
        assert identity["people"] == 2
        same = next(p for p in identity["pairs"] if p["same"] and "print" not in p["b"])
        assert same["cosine"] > 0.72, same
        assert identity["false_non_match"]["of"] == 1
        assert (identity["false_match"]["errors"], identity["false_match"]["of"]) == (0, 2)
        assert identity["attack_match"]["errors"] >= 1, "a print shows the same face"
        text = json.dumps(ran.report)
        assert "template" not in text and "embedding" not in text

    def test_the_table_says_the_same(self, ran: Run) -> None:
        assert "live/林桂芳/手机.MP4: 通过 · accepted" in ran.shown
        assert "BPCER (live)                0 / 2 = 0.0 % [0.0, 84.2]" in ran.shown
        assert "broken/noise.mkv: 无法判断" in ran.shown


def test_an_empty_folder_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = tmp_path / "a.json"
    assert program.main(["proctor-eval", str(tmp_path), "--json", str(answer)]) == 0
    told = json.loads(answer.read_text("utf-8"))
    assert (told["counts"]["files"], told["bpcer"], told["apcer"]) == (0, None, {})
    assert "没有找到视频文件" in capsys.readouterr().out


def test_what_is_not_there_and_what_is_not_possible(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["proctor-eval", str(tmp_path / "no")]) == 2
    assert program.main(["proctor-eval", str(tmp_path), "--match-accept", "3"]) == 2
    assert "match_alert" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert program.main(["proctor-eval", str(tmp_path), "--json", str(tmp_path / "file/a")]) == 1


def test_films_are_found_whatever_the_case_of_their_ends(tmp_path: Path) -> None:
    wanted = [tmp_path / "a" / "b" / f"x{suffix.upper()}" for suffix in sorted(SUFFIXES)]
    for path in [*wanted, tmp_path / "a" / ".b.mp4", tmp_path / ".c" / "d.mp4", tmp_path / "e.txt"]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "folder.mp4").mkdir()
    assert clips_in(tmp_path) == sorted(wanted)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_statements_as_editors_write_them(tmp_path: Path, encoding: str) -> None:
    clip = tmp_path / "转.mp4"
    (tmp_path / "转.mp4.json").write_bytes('{"person": "王芳"}'.encode(encoding))
    assert statement_of(clip).person == "王芳"


def test_a_statement_that_can_not_be_read(tmp_path: Path) -> None:
    clip = tmp_path / "a.mp4"
    assert statement_of(clip).notes == ()
    (tmp_path / "a.json").write_bytes(b"\xff" * 10)
    assert [note.remark for note in statement_of(clip).notes] == [Remark.NOT_JSON]
    (tmp_path / "a.json").write_bytes(b" " * (1 << 20) + b"{}")
    assert [note.remark for note in statement_of(clip).notes] == [Remark.NOT_JSON]
