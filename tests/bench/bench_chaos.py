"""Everything is killed and cut at random for a while, and then nothing is lost, double or broken.

Learners' PCs (the program's own recorder, store and outbox, each a process) study against two
gateways over PostgreSQL behind HAProxy, as docs/examples/haproxy.cfg sets it up, through a line
that loses, doubles, cuts and delays requests and answers. All of them are killed (SIGKILL) at
random and come back; the PCs' wall clocks jump by hours, the gateways' by a tenth of a second.

acknowledged: records for which a PC holds a receipt. lost: those that the platform does not
have to the byte. doubled: statements that it has twice, or that no PC wrote. unsent: records
without a receipt at the end. broken_chains: whose bundle or stored chain does not verify.
credit_differs: learners whose count is not that of the undisturbed run of the same facts
(`tests/bench/chaos_judge.py`). kills: of all kinds. `ANXUE_BENCH_SECONDS=600`: how long;
`ANXUE_BENCH_SEED`: which storm (the kills', not the system's own timing).
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path

from sync.reference.app import create_app
from sync.reference.platform import Settings
from tests.bench.chaos_judge import Verdict, judge
from tests.bench.chaos_rig import Rig, rig
from tests.bench.figures import spread

SECONDS = float(os.environ.get("ANXUE_BENCH_SECONDS", "60"))
SEED = int(os.environ.get("ANXUE_BENCH_SEED", "1"))
LEARNERS = 4


def run() -> dict[str, object]:
    """One storm."""
    return storm(SECONDS, SEED, LEARNERS)


def storm(seconds: float, seed: int, learners: int) -> dict[str, object]:
    """The figures. Nothing runs on after it."""
    with (
        tempfile.TemporaryDirectory(prefix="anxue-chaos-") as place,
        rig(Path(place), learners, seed) as running,
    ):
        began = time.monotonic()
        strike(running, random.Random(seed), began + seconds)
        running.all_back()
        lasted = time.monotonic() - began
        late = running.settle()
        for learner in late:
            told = (running.folder / f"{learner}.log").read_text("utf-8", "replace")
            sys.stderr.write(f"{learner} did not end:\n{told[-2000:]}\n")
        verdicts = judged(running)
        kills = running.kills
    sys.stderr.write(f"kills: {dict(kills)}\n")
    each = [float(verdict.acknowledged) for verdict in verdicts]
    names = ("acknowledged", "unsent", "lost", "doubled", "broken_chains", "credit_differs")
    sums = {name: sum(getattr(verdict, name) for verdict in verdicts) for name in names}
    return {
        **sums,
        "counted_s": round(sum(verdict.counted_s for verdict in verdicts), 1),
        "stuck": len(late),
        "kills": sum(kills.values()),
        "seconds": round(lasted, 1),
        "n": len(verdicts),
        "spread": round(spread(each), 3),
    }


def strike(running: Rig, drawn: random.Random, ends_s: float) -> None:
    """Kill now this and now that, until it is time."""
    while (left := ends_s - time.monotonic()) > 0:
        time.sleep(min(left, drawn.uniform(0.3, 2.0)))
        running.strike(drawn)


def judged(running: Rig) -> list[Verdict]:
    """Of each learner, over the very database."""
    settings = Settings(data=running.data, database_url=running.database_url)
    platform = create_app(settings).state.platform
    try:
        return [judge(platform, learner, running.store(learner)) for learner in sorted(running.pcs)]
    finally:
        platform.store.close()
