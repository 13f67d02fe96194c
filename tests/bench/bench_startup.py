"""From the start of the process to a sign-in page that can be used.

A child runs the product as `main.py --platform …` does, under Xvfb with a window manager,
and tells the monotonic time at which the window was painted with its sign-in button
enabled. cold: the kernel's page cache was dropped before (needs root); warm: it was not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.figures import percentile, spread
from tests.desktop import start_desktop

COLD, WARM = 5, 10
ROOT = Path(__file__).resolve().parents[2]
DROP = Path("/proc/sys/vm/drop_caches")


def run() -> dict[str, object]:
    """Start the product `COLD` and `WARM` times; medians in milliseconds."""
    with start_desktop() as desktop, tempfile.TemporaryDirectory() as home:
        environment = {**desktop.environment, **_home(Path(home))}
        _start(environment)  # writes bytecode, so that cold means the disk and nothing else
        cold = [_start(environment, cold=True) for _ in range(COLD)]
        warm = [_start(environment) for _ in range(WARM)]
    return {
        "cold_ms": round(percentile(cold, 0.5), 1),
        "warm_ms": round(percentile(warm, 0.5), 1),
        "cold_n": COLD,
        "n": WARM,
        "spread": round(spread(warm), 3),
    }


def _start(environment: Mapping[str, str], *, cold: bool = False) -> float:
    if cold:
        os.sync()
        DROP.write_text("3", encoding="ascii")
    began_ns = time.monotonic_ns()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.startup_child"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    )
    return (int(done.stdout.strip()) - began_ns) / 1e6


def _home(home: Path) -> dict[str, str]:
    """A new user's home with an institution's certificate in its place."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    from sync import trust

    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    now = datetime.now(UTC)
    certificate = trust.platform_certificate(
        key,
        name="bench",
        serial=1,
        not_before=now,
        not_after=now + timedelta(days=1),
        demo=False,
    )
    folder = home / "config" / "anxue"
    folder.mkdir(parents=True)
    (folder / "platform.pem").write_text(trust.to_pem(certificate), encoding="ascii")
    return {
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "PYTHONPYCACHEPREFIX": str(home / "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
