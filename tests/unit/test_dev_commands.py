"""dev.py: what it offers, what it starts, and what it says when it can't."""

import base64
import hashlib
import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools import benches, commands, gates, peers, prepare, system, third_party
from tools.run import PYTHON, ROOT
from tools.words import TroubleError


def dev(*words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-S", str(ROOT / "dev.py"), *words], env=os.environ | extra,
        capture_output=True, text=True, encoding="utf-8", check=False, cwd="/",
    )  # fmt: skip


def test_without_a_command_it_lists_them_all() -> None:
    answer = dev()
    assert answer.returncode == 2
    for name in ("demo", "test", "lint", "bench", "models", "lock", "build", "platform"):
        assert f"  {name} " in answer.stdout
    assert dev("--help").returncode == 0


def test_an_unknown_command_is_named() -> None:
    answer = dev("tset")
    assert answer.returncode == 2
    assert "no such command: tset" in answer.stderr


def test_a_console_without_chinese_stops_nothing() -> None:
    answer = dev("tset", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr


def test_expected_failures_show_no_traceback() -> None:
    answer = dev("lint", "--fast")
    assert answer.returncode == 1
    assert "lint takes only --fix" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_every_command_stands_in_the_guide() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    missing = [name for name in commands.COMMANDS if f"dev.py {name}" not in guide]
    assert not missing


class Started:
    """Keeps what would have been started."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.extra: list[dict[str, str]] = []

    def __call__(self, command: Sequence[str | Path], **extra: str) -> int:
        self.commands.append([str(part) for part in command])
        self.extra.append(extra)
        return 0


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    found = Started()
    monkeypatch.setattr(commands, "call", found)
    monkeypatch.setattr(prepare, "program", lambda **_: None)
    monkeypatch.setattr(prepare, "tools_only", lambda: None)
    return found


def test_without_a_display_the_demo_runs_by_itself(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "has_display", lambda: False)
    commands.demo(["--out", "shots"])
    commands.demo(["--auto"])
    main = [str(PYTHON), "main.py", "demo"]
    assert started.commands == [[*main, "--auto", "--out", "shots"], [*main, "--auto"]]
    assert started.extra == [{"QT_QPA_PLATFORM": "offscreen"}] * 2


def test_with_a_display_the_demo_opens_a_window(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "has_display", lambda: True)
    commands.demo([])
    assert started.commands == [[str(PYTHON), "main.py", "demo"]]
    assert started.extra == [{}]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Windows always has a display")
def test_a_display_is_known_by_its_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv("DISPLAY", raising=False)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        assert not prepare.has_display()
        monkeypatch.setenv(name, ":7")
        assert prepare.has_display()


def test_shut_gates_fail_the_test_run(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "failed", lambda: ["ruff check"])
    assert commands.test([]) == 1
    assert commands.test(["-k", "lock"]) == 0  # only those tests
    assert started.commands[-1][-2:] == ["-k", "lock"]


def test_building_for_windows_is_said_to_be_missing() -> None:
    with pytest.raises(TroubleError, match="later issue"):
        commands.build(["--windows"])


# --- System packages ---


def missing_one(monkeypatch: pytest.MonkeyPatch, user: int) -> list[tuple[str, ...]]:
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr("tools.system.shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("tools.system.sys.platform", "linux")
    monkeypatch.setattr(system, "installed", lambda: {"libgl1"})
    monkeypatch.setattr("tools.system.os.geteuid", lambda: user, raising=False)
    monkeypatch.setattr(system, "_apt", lambda *words: calls.append(words))
    return calls


def test_root_gets_the_missing_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = missing_one(monkeypatch, 0)
    system.provide(["libgl1", "xvfb"])
    assert calls == [("update",), ("install", "--no-install-recommends", "-y", "xvfb")]
    system.provide(["libgl1"])
    assert len(calls) == 2


def test_others_get_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = missing_one(monkeypatch, 1000)
    with pytest.raises(TroubleError) as trouble:
        system.provide(["libgl1", "openbox", "xvfb"])
    line = "sudo apt-get install --no-install-recommends -y openbox xvfb"
    assert line in str(trouble.value)
    assert not calls


@pytest.mark.parametrize("ensurepip", [True, False])
def test_python3_venv_is_asked_for_where_debian_left_it_out(
    monkeypatch: pytest.MonkeyPatch, ensurepip: bool
) -> None:
    monkeypatch.setattr(
        "tools.system.importlib.util.find_spec", lambda _name: object() if ensurepip else None
    )
    assert ("python3-venv" in system.wanted(windows=False, desktop=False)) is not ensurepip
    assert "xvfb" in system.wanted(windows=False, desktop=True)


def test_packages_that_stand_in_for_others_count(monkeypatch: pytest.MonkeyPatch) -> None:
    listing = (
        "installed\tlibglib2.0-0t64\tlibglib2.0-0 (= 2.80.0-6)\n"
        "config-files\txvfb\t\n"
        "installed\tgit\tgit-completion, git-core\n"
    )
    monkeypatch.setattr(
        "tools.system.subprocess.run",
        lambda *_, **__: subprocess.CompletedProcess([], 0, listing, ""),
    )
    assert system.installed() == {
        "libglib2.0-0t64", "libglib2.0-0", "git", "git-completion", "git-core",
    }  # fmt: skip


# --- Translations ---

TS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="zh_CN">
<context><name>Page</name><message><source>登录</source>
<translation{state}>Sign in</translation></message></context>
</TS>
"""


def test_a_finished_translation_is_compiled(tmp_path: Path) -> None:
    source = tmp_path / "a.ts"
    source.write_text(TS.format(state=""), "utf-8")
    prepare.compile_translation(source, tmp_path / "a.qm")
    assert (tmp_path / "a.qm").stat().st_size > 16


def test_an_unfinished_translation_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "a.ts"
    source.write_text(TS.format(state=' type="unfinished"'), "utf-8")
    with pytest.raises(TroubleError, match="unfinished"):
        prepare.compile_translation(source, tmp_path / "a.qm")
    assert not (tmp_path / "a.qm").exists()


# --- Benchmarks ---


@pytest.mark.parametrize(
    ("figures", "problem"),
    [
        ({"ms": 1.0, "n": 3, "spread": 0.1}, ""),
        ({"n": 3, "spread": 0.1, "peers": {"mpv": {"ms": 2}}}, ""),
        ({"ms": 1.0, "spread": 0.1}, "`n` is missing"),
        ({"n": 1, "spread": 0, "fast": {"ms": 1.0}, "peers": {"mpv": {"fast": {"ms": 2}}}}, ""),
        ({"n": 1, "spread": 0, "ok": True}, "`ok` is no number"),
        ({"n": 1, "spread": 0, "fast": {"ms": None}}, "`fast.ms` is no number"),
        ({"n": 1, "spread": 0, "fast": {}}, "`fast` is no number"),
        ({"n": 1, "spread": 0, "fast": {1: 2}}, "`fast` is no number"),
        ({"n": 1, "spread": 0, "peers": {"mpv": {"fast": {"ms": "7"}}}}, "`fast.ms` is no number"),
        ({"n": 1, "spread": 0, "peers": {"mpv": 7}}, "`peers` must be"),
        ({"n": 1, "spread": 0, "peers": {"mpv": {"ms": "7"}}}, "`ms` is no number"),
        (None, "must return a dict"),
    ],
)
def test_the_shape_of_figures(figures: object, problem: str) -> None:
    assert benches.wrong(figures).startswith(problem)
    assert bool(benches.wrong(figures)) is bool(problem)


def test_the_table_shows_peers_beside_ours() -> None:
    shown = benches.table({"pause": {"p99_ms": 3.14159, "n": 60, "spread": 0.1,
                                     "peers": {"mpv": {"p99_ms": 40}}}})  # fmt: skip
    row = next(line.split() for line in shown.splitlines() if "p99_ms" in line)
    assert row == ["p99_ms", "3.142", "40"]


def test_the_table_has_a_line_for_each_figure_of_a_group() -> None:
    shown = benches.table({"switch": {"fast": {"gap_ms": 41.0}, "n": 6, "spread": 0.1,
                                      "peers": {"mpv": {"fast": {"gap_ms": 70.5}}}}})  # fmt: skip
    row = next(line.split() for line in shown.splitlines() if "gap_ms" in line)
    assert row == ["fast.gap_ms", "41", "70.5"]
    assert not any("{" in line for line in shown.splitlines())


@pytest.mark.parametrize(
    ("rest", "beside_others"),
    [
        (["switch"], True),
        (["startup", "play", "--json", "f.json"], True),
        (["--json", "f.json"], True),  # all of them
        ([], True),
        (["pause"], False),
    ],
)
def test_other_players_are_made_ready_only_for_what_measures_them(
    started: Started, monkeypatch: pytest.MonkeyPatch, rest: list[str], beside_others: bool
) -> None:
    ready: list[dict[str, bool]] = []
    monkeypatch.setattr(benches, "names", lambda: ["pause", "play", "startup", "switch"])
    monkeypatch.setattr(prepare, "program", lambda **words: ready.append(words))
    commands.bench(rest)
    assert ready == [{"desktop": True, "bench": beside_others}]
    assert started.commands == [[str(PYTHON), "-m", "tools.benches", *rest]]


# --- hls.js, to measure beside ours ---


def package_of(content: bytes) -> tuple[bytes, str]:
    """Return an npm package with that as hls.js, and its SHA-512 in base64."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo(peers.HLS_JS_FILE)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    package = packed.getvalue()
    return package, base64.b64encode(hashlib.sha512(package).digest()).decode("ascii")


def test_hls_js_is_taken_out_of_the_right_package(tmp_path: Path) -> None:
    package, sha512 = package_of(b"Hls = 1")
    target = tmp_path / "peers" / "hls.js"
    peers.take(package, target, sha512)
    assert target.read_bytes() == b"Hls = 1"


def test_another_package_is_not_used(tmp_path: Path) -> None:
    package, _ = package_of(b"Hls = 1")
    with pytest.raises(TroubleError, match="SHA-512"):
        peers.take(package, tmp_path / "hls.js")
    assert not list(tmp_path.iterdir())


def test_players_to_measure_are_packages_of_debian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.system.shutil.which", lambda _name: None)
    names = system.wanted(windows=False, desktop=True, bench=True)
    assert {"chromium", "libmpv2", "mpv", "npm", "pulseaudio", "pulseaudio-utils"} <= set(names)
    monkeypatch.setattr("tools.system.shutil.which", lambda name: f"/usr/bin/{name}")
    assert "npm" not in system.wanted(windows=False, desktop=True, bench=True)
    assert "chromium" not in system.wanted(windows=False, desktop=True)


def test_benches_run_apart_and_write_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benches, "BENCHES", tmp_path)
    (tmp_path / "bench_two.py").touch()
    (tmp_path / "bench_one.py").touch()
    assert benches.names() == ["one", "two"]
    figures: dict[str, benches.Figures | None] = {"one": {"n": 1, "spread": 0.0}, "two": None}
    monkeypatch.setattr(benches, "_apart", figures.get)
    out = tmp_path / "deep" / "figures.json"
    monkeypatch.setattr(sys, "argv", ["bench", "--json", str(out)])
    assert benches.main() == 1  # two failed, one is kept all the same
    assert out.read_text("utf-8").replace("\n", "").replace(" ", "") == (
        '{"one":{"n":1,"spread":0.0}}'
    )


# --- Licences ---


@pytest.mark.parametrize(
    ("licence", "only"),
    [
        ("MIT", False),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("LGPL-2.1", False),
        ("GNU Lesser General Public License v3", False),
        ("GPL-3.0-only", True),
        ("AGPL-3.0", True),
        ("GNU General Public License v2 (GPLv2)", True),
        ("MIT OR GPL-3.0", False),
        ("GPLv2-or-later with a special exception", False),
    ],
)
def test_gpl_alone_is_known(licence: str, only: bool) -> None:
    assert third_party.gpl_only(licence) is only


def test_the_list_of_licences_is_up_to_date() -> None:
    text, problems = third_party.page()
    assert not problems
    assert third_party.OUT.read_text("utf-8") == text, "run: python -m tools.third_party"
