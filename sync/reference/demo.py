"""Who and what there is in the demo. Light to import: the client's own demo shows it, too."""

from dataclasses import dataclass
from typing import Any

from sync.contract import Policy


@dataclass(frozen=True)
class DemoLearner:
    """Somebody who does not exist. The password is no secret."""

    id: str
    login: str
    name: str
    password: str = "anxue-demo"  # noqa: S105


DEMO_LEARNER = DemoLearner("demo", "demo", "林桂芳")
SECOND_LEARNER = DemoLearner("demo-2", "demo2", "李志强")


def demo_policy(**presets: Any) -> Policy:
    """The default presets, with gaps between checks that fit a film of two minutes."""
    return Policy.model_validate(
        {
            "check_min_gap_s": 20,
            "check_max_gap_s": 35,
            "check_set": (
                *("turn_left", "turn_right", "open_mouth", "blink"),
                *("nod", "follow_dot"),
            ),
            "heartbeat_s": 10,
            "support_contact": "安学演示平台 · 请联系您的培训机构",
            "test_required": False,
            "self_enrolment": True,
            **presets,
        }
    )
