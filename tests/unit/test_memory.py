"""The allocator's settings: they are taken where it is glibc's, and harmless elsewhere."""

import subprocess
import sys

import pytest

from app.adapters import memory

TOLD = """
from app.adapters.memory import give_back, stay_small
print(stay_small())
blocks = [bytes(100_000) for _ in range(300)]
kept = blocks[::30]
del blocks
give_back()
rss = int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6
print(rss)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's allocator")
def test_memory_that_was_let_go_is_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOLD], capture_output=True, text=True, check=True, timeout=30
    )
    small, rss_mb = done.stdout.split()
    assert small == "True"
    assert float(rss_mb) < 25  # 30 MB of blocks alone were there; a tenth is left, in holes


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.adapters.memory.sys.platform", "win32")
    assert memory.stay_small() is False
    memory.give_back()
