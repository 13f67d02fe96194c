"""What a camera's name, and the computer it is on, say of where the pictures come from.

Flags, not verdicts: many people have OBS installed for a good reason, and some study in a
company's remote desktop. They stand in the record and weigh in the risk (`proctor.signs`).
"""

import re
from dataclasses import dataclass

VIRTUAL_CAMERA = "virtual_camera"
REMOTE_SESSION = "remote_session"
VIRTUAL_MACHINE = "virtual_machine"
RECORDED = "recorded"
"""The frames come from a file: their times say nothing."""

_NAMES = (
    r"\bobs\b",
    r"obs[ -]?(virtual|cam)",
    r"many ?cam",
    r"v4l2 ?loopback",
    r"dummy video device",
    r"snap ?camera",
    r"xsplit",
    r"droid ?cam",
    r"\bi ?v ?cam\b",
    r"epoc ?cam",
    r"iriun",
    r"e2e ?soft",
    r"\bvcam\b",
    r"splitcam",
    r"youcam",
    r"web ?cam ?max",
    r"camtwist",
    r"fake ?web ?cam",
    r"chroma ?cam",
    r"\bmmhmm\b",
    r"ndi (webcam|virtual|video)",
    r"nvidia broadcast",
    r"unity ?(video ?)?capture",
    r"\bakvcam\b",
    r"sparkocam",
    r"altercam",
    r"magic ?camera",
    r"virtual ?(web ?)?cam",
    r"virtual video",
    r"screen ?capture",
    r"虚拟",
    r"虛擬",
    r"软件摄像头",
    r"无他伴侣",
)
_PATHS = (
    r"v4l2loopback",
    r"/devices/virtual/video4linux/",
    r"\broot[#\\](media|image|camera)",
    r"\bsw[:#\\]",
    r"swd[#\\]vcamdevapi",
    r"obs-virtualcam",
)
_MACHINES = (
    r"vmware",
    r"virtual ?box",
    r"innotek",
    r"\bqemu\b",
    r"\bkvm\b",
    r"\bbochs\b",
    r"parallels",
    r"hyper-?v",
    r"virtual machine",
    r"\bxen\b",
    r"\bbhyve\b",
    r"google compute engine",
    r"amazon ec2",
    r"alibaba cloud ecs",
    r"virtual platform",
)
_REMOTE = (r"^rdp-", r"^ica-", r"\bremote ?app\b", r"\bpcoip\b", r"^xrdp", r"^vnc", r"\bblast\b")


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_NAME, _PATH, _MACHINE, _FAR = _any(_NAMES), _any(_PATHS), _any(_MACHINES), _any(_REMOTE)


@dataclass(frozen=True, slots=True)
class Computer:
    """What the system says of itself, each "" where it says nothing.

    maker, model: of the machine (Windows: SystemManufacturer, SystemProductName; Linux:
    /sys/class/dmi/id/sys_vendor and product_name). session: Windows' SESSIONNAME ("Console",
    "RDP-Tcp#3"); Linux: "vnc", "xrdp" or "". remote: the system itself says that the session
    is shown elsewhere (Windows: GetSystemMetrics(SM_REMOTESESSION)).
    """

    maker: str = ""
    model: str = ""
    session: str = ""
    remote: bool = False


def is_virtual(name: str, path: str = "") -> bool:
    """Whether a camera of this name and device path is one that a program makes."""
    return bool(_NAME.search(name) or _PATH.search(path))


def flags(name: str, path: str = "", computer: Computer | None = None) -> tuple[str, ...]:
    """For `signs.risk_of` and the record: `VIRTUAL_CAMERA`, `REMOTE_SESSION`, `VIRTUAL_MACHINE`."""
    computer = computer or Computer()
    found = []
    if is_virtual(name, path):
        found.append(VIRTUAL_CAMERA)
    if computer.remote or _FAR.search(computer.session):
        found.append(REMOTE_SESSION)
    if _MACHINE.search(f"{computer.maker} {computer.model}"):
        found.append(VIRTUAL_MACHINE)
    return tuple(found)
