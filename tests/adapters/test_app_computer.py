"""What the system says of the machine: read once, never in the way."""

from pathlib import Path

import pytest

from app.adapters.computer import this_computer
from proctor.devices import REMOTE_SESSION, VIRTUAL_MACHINE, Computer, flags

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="/sys is Linux's")


def test_a_machine_says_who_made_it_and_a_virtual_one_shows(tmp_path: Path) -> None:
    (tmp_path / "sys_vendor").write_text("QEMU\n", encoding="utf-8")
    (tmp_path / "product_name").write_text("Standard PC (Q35)\n", encoding="utf-8")
    computer = this_computer({}, tmp_path)
    assert computer == Computer("QEMU", "Standard PC (Q35)")
    assert flags("", "", computer) == (VIRTUAL_MACHINE,)


@pytest.mark.parametrize("environment", [{"XRDP_SESSION": "1"}, {"VNCDESKTOP": "pc:1"}])
def test_a_screen_that_is_elsewhere_shows(environment: dict[str, str], tmp_path: Path) -> None:
    assert flags("", "", this_computer(environment, tmp_path)) == (REMOTE_SESSION,)


def test_a_machine_that_says_nothing_has_no_signs(tmp_path: Path) -> None:
    assert this_computer({}, tmp_path / "nothing") == Computer()
    assert flags("USB 2.0 Camera", "", Computer()) == ()
