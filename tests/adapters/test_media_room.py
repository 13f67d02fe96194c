"""A room's cache: a real nginx with the configuration that docs/media.md gives."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from player.media_rules import MediaRules
from tests.media_origin import comes, media_origin
from tests.media_rig import QUICK, cache, film, get, rendition

ROOT = Path(__file__).resolve().parents[2]
LONG = film(21, 5_000_000)
WAITING = replace(QUICK, timeouts_s=(3.0, 10.0))  # nginx looks twice a second who is next

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")


def configuration(platform: str, port: int, folder: Path) -> str:
    """The document's text with this test's address, port and folder in the place of its own."""
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "docs/media.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    text = found[1]
    for told, ours in (
        ("proxy_pass https://platform.example;", f"proxy_pass {platform};"),
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("/var/cache/nginx/anxue", str(folder / "cache")),
    ):
        assert text.count(told) == 1
        text = text.replace(told, ours)
    return text


@contextlib.contextmanager
def room(folder: Path, platform: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run nginx in `folder`; yield its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder.mkdir()
    (folder / "anxue.conf").write_text(configuration(platform, port, folder), "utf-8")
    temp = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;\n"
        f"events {{}}\nhttp {{ access_log off; {temp} include {folder}/anxue.conf; }}\n",
        "utf-8",
    )
    command = ["nginx", "-p", str(folder), "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"]
    with subprocess.Popen(command, start_new_session=True) as process:
        try:
            assert comes(lambda: _answers(port)), (folder / "errors").read_text()
            yield f"http://127.0.0.1:{port}", process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End nginx and its workers, which would outlive it and go on serving."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def test_three_pcs_cost_the_line_one_film(tmp_path: Path) -> None:
    with (
        media_origin({"v1/film.mp4": LONG}) as platform,
        room(tmp_path / "nginx", platform.base().rstrip("/")) as (proxy, _),
        contextlib.ExitStack() as pcs,
    ):
        platform.delay_s = 0.005
        read: dict[int, bytes] = {}

        def watch(number: int, address: str) -> None:
            read[number] = get(address).content

        threads = []
        for number in range(3):
            rules = MediaRules(proxy=proxy)
            media = pcs.enter_context(cache(tmp_path / f"pc{number}", rules=rules, pace=WAITING))
            url = f"{platform.base()}v1/film.mp4?expires=1&signature={number}"
            address = media.open(rendition(url, LONG))
            threads.append(threading.Thread(target=watch, args=(number, address)))
            threads[-1].start()
        for thread in threads:
            thread.join(30)
        assert all(read[number] == LONG for number in range(3))
        assert platform.sent_bytes == len(LONG)
        assert {path for path, _ in platform.asked} <= {
            f"/v1/film.mp4?expires=1&signature={number}" for number in range(3)
        }


def test_a_rooms_cache_that_dies_in_mid_film_is_not_seen(tmp_path: Path) -> None:
    heard: list[object] = []
    with (
        media_origin({"v1/film.mp4": LONG}) as platform,
        room(tmp_path / "nginx", platform.base().rstrip("/")) as (proxy, process),
        cache(tmp_path / "pc", rules=MediaRules(proxy=proxy), on_line=heard.append) as media,
    ):
        platform.delay_s = 0.01
        address = media.open(rendition(platform.base() + "v1/film.mp4", LONG))
        assert comes(lambda: (line := media.line(address)) and line.ahead_bytes > 1_000_000)
        before = platform.sent_bytes
        kill(process)
        assert get(address).content == LONG
        assert media.trouble(address) is None
        assert heard == []
        assert platform.asked[-1][1].get("Connection") == "keep-alive"  # from the PC itself
        assert platform.sent_bytes > before
