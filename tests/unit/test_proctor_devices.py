"""Names of cameras and computers, as systems give them."""

import pytest

from proctor.devices import (
    REMOTE_SESSION,
    VIRTUAL_CAMERA,
    VIRTUAL_MACHINE,
    Computer,
    flags,
    is_virtual,
)


@pytest.mark.parametrize(
    "name",
    [
        "OBS Virtual Camera",
        "OBS-Camera",
        "ManyCam Virtual Webcam",
        "Snap Camera",
        "XSplit VCam",
        "DroidCam Source 3",
        "e2eSoft iVCam",
        "e2eSoft VCam",
        "iVCam",
        "虚拟摄像头",
        "某某虛擬相機",
        "Dummy video device (0x0000)",
        "v4l2loopback",
        "Unity Video Capture",
        "NVIDIA Broadcast",
        "SplitCam Video Driver",
        "iPhone (Windows Virtual Camera)",
        "Iriun Webcam",
    ],
)
def test_a_program_that_calls_itself_a_camera(name: str) -> None:
    assert is_virtual(name)
    assert flags(name) == (VIRTUAL_CAMERA,)


@pytest.mark.parametrize(
    "name",
    [
        "Integrated Camera",
        "HD Pro Webcam C920",
        "USB2.0 HD UVC WebCam",
        "Logitech BRIO",
        "Lenovo EasyCamera",
        "HP TrueVision HD Camera",
        "罗技高清网络摄像机",
        "联想集成摄像头",
        "Surface Camera Front",
        "FaceTime HD Camera",
        "Observation Cam 2",
        "ivory cam",
        "",
    ],
)
def test_a_camera(name: str) -> None:
    assert not is_virtual(name)
    assert flags(name) == ()


@pytest.mark.parametrize(
    ("path", "virtual"),
    [
        (r"\\?\usb#vid_046d&pid_082d&mi_00#7&1b3d#{65e8773d-8f56-11d0-a3b9}\global", False),
        (r"@device:pnp:\\?\usb#vid_5986&pid_2113#6&2c#{65e8773d}\global", False),
        (r"@device:sw:{860BB310-5D01-11D0-BD3B-00A0C911CE86}\{A3FCE0F5-3493}", True),
        (r"\\?\root#image#0000#{65e8773d-8f56-11d0-a3b9-00a0c9223196}\global", True),
        ("/sys/devices/virtual/video4linux/video10", True),
        ("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-5/1-5:1.0/video4linux/video0", False),
        ("/dev/video0", False),
    ],
)
def test_where_the_driver_stands(path: str, virtual: bool) -> None:
    assert is_virtual("Camera", path) is virtual


@pytest.mark.parametrize(
    ("computer", "found"),
    [
        (Computer(), ()),
        (Computer("LENOVO", "20XW", "Console"), ()),
        (Computer("Dell Inc.", "Latitude 5420"), ()),
        (Computer("VMware, Inc.", "VMware Virtual Platform"), (VIRTUAL_MACHINE,)),
        (Computer("innotek GmbH", "VirtualBox"), (VIRTUAL_MACHINE,)),
        (Computer("QEMU", "Standard PC (Q35 + ICH9, 2009)"), (VIRTUAL_MACHINE,)),
        (Computer("Microsoft Corporation", "Virtual Machine"), (VIRTUAL_MACHINE,)),
        (Computer("Microsoft Corporation", "Surface Laptop 4"), ()),
        (Computer("LENOVO", "20XW", "RDP-Tcp#3"), (REMOTE_SESSION,)),
        (Computer("LENOVO", "20XW", "ICA-tcp#0"), (REMOTE_SESSION,)),
        (Computer("LENOVO", "20XW", "Console", remote=True), (REMOTE_SESSION,)),
        (Computer("QEMU", "", "xrdp"), (REMOTE_SESSION, VIRTUAL_MACHINE)),
    ],
)
def test_the_computer(computer: Computer, found: tuple[str, ...]) -> None:
    assert flags("Integrated Camera", computer=computer) == found


def test_all_flags_at_once() -> None:
    computer = Computer("QEMU", "", "RDP-Tcp#1")
    assert set(flags("OBS Virtual Camera", computer=computer)) == {
        VIRTUAL_CAMERA,
        REMOTE_SESSION,
        VIRTUAL_MACHINE,
    }
