"""Ask the reference platform on a data folder for the demo learner's courses and count."""

from __future__ import annotations

import sys
from pathlib import Path

from sync import seal
from sync.adapters.gateway import HttpGateway
from sync.adapters.keys import run_key
from sync.contract import ClientInfo, Course, SignIn
from sync.reference.embedded import PORT, EmbeddedPlatform

ROOT = Path(__file__).resolve().parents[2]


def courses_of(data: Path) -> tuple[Course, ...]:
    """The courses with the platform's count, computed anew from its database."""
    command = [sys.executable, "main.py", "platform", "--data", str(data)]
    command += ["--port", PORT, "--until-stdin-closes"]
    with EmbeddedPlatform(command, cwd=ROOT) as platform:
        gateway = HttpGateway(platform.url)
        try:
            gateway.sign_in(
                SignIn(
                    name="demo",
                    password="anxue-demo",
                    client=ClientInfo(version="test", system="test", language="en"),
                    public_key=seal.to_base64url(seal.spki(run_key().public_key())),
                )
            )
            return gateway.courses().courses
        finally:
            gateway.close()
