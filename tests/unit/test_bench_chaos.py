"""A short storm, to the end: the bench's own judgement, which can also find what is wrong."""

import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.bench.bench_chaos import judged
from tests.bench.chaos_rig import rig


@pytest.mark.skipif(sys.platform == "win32", reason="PostgreSQL and HAProxy are Debian's packages")
def test_a_short_storm_loses_nothing(tmp_path: Path) -> None:
    with rig(tmp_path, learners=1, seed=3) as running:
        running.kill_gateway(running.gateways[0])
        running.kill_postgres()
        running.kill_pc("bench-0")
        running.kill_proxy()
        assert running.settle() == []
        (verdict,) = judged(running)
        assert verdict.acknowledged > 0
        assert (verdict.lost, verdict.doubled, verdict.unsent) == (0, 0, 0)
        assert (verdict.broken_chains, verdict.credit_differs) == (0, 0)
        engine = create_engine(running.database_url)
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM record WHERE seq = 2"))
        engine.dispose()
        (robbed,) = judged(running)
    assert robbed.lost > 0
    assert robbed.broken_chains > 0
