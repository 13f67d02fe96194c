"""The data folder: its keys, its demo, what is wrong with it."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from sync import trust
from sync.reference import keys
from sync.reference.keys import Keys, KeysError, Vault, institution_token, load_or_make
from sync.reference.seed import SeedError, seed_demo


def test_demo_keys_are_made_once_and_marked(tmp_path: Path) -> None:
    first, second = load_or_make(tmp_path), load_or_make(tmp_path)
    assert first.pem == second.pem == (tmp_path / "platform.pem").read_text("ascii")
    assert first.institution_token == second.institution_token == institution_token(tmp_path)
    now = datetime.now(UTC)
    trust.check_platform(first.certificate, now, "demo")
    with pytest.raises(trust.TrustError, match="demo"):
        trust.check_platform(first.certificate, now, "production")


def test_processes_that_start_together_have_the_same_keys(tmp_path: Path) -> None:
    """Each looks, finds nothing, and only then do all of them make keys."""
    count = 6
    barrier = threading.Barrier(count)

    def make(_: int) -> Keys:
        barrier.wait()
        return load_or_make(tmp_path)

    with ThreadPoolExecutor(count) as threads:
        made = list(threads.map(make, range(count)))
    again = load_or_make(tmp_path)
    for each in made:
        assert each.pem == again.pem
        assert each.vault.key == again.vault.key
        assert each.institution_token == again.institution_token
        assert each.evidence.private_numbers() == again.evidence.private_numbers()
    assert {path.name for path in (tmp_path / "private").iterdir()} == {
        *("platform.key", "evidence.key", "vault.key", "institution.token")
    }


@pytest.mark.parametrize(
    "place", ["vault.key", "institution.token", "platform.key", "platform.pem"]
)
def test_keys_whose_making_was_cut_off_are_made_at_the_next_start(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = keys._put

    def cut(path: Path, data: bytes, *, mode: int = 0o600) -> None:
        if path.name == place:
            raise OSError("the power is gone")
        put(path, data, mode=mode)

    with monkeypatch.context() as patched:
        patched.setattr(keys, "_put", cut)
        with pytest.raises(KeysError, match="power"):
            load_or_make(tmp_path)
    first, second = load_or_make(tmp_path), load_or_make(tmp_path)
    assert (first.pem, first.vault) == (second.pem, second.vault)


@pytest.mark.skipif(os.name != "posix", reason="Windows folders inherit their rights")
def test_secrets_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    load_or_make(tmp_path)
    for path in (tmp_path / "private", *(tmp_path / "private").iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path


def test_no_secret_is_in_a_repr(tmp_path: Path) -> None:
    keys = load_or_make(tmp_path)
    shown = f"{keys!r} {keys.vault!r}"
    assert keys.vault.key.hex() not in shown
    assert keys.institution_token not in shown


@pytest.mark.parametrize("broken", ["platform.pem", "private/platform.key", "private/vault.key"])
def test_a_damaged_folder_is_said_to_be_one(tmp_path: Path, broken: str) -> None:
    load_or_make(tmp_path)
    (tmp_path / broken).write_text("nothing of use\n")
    with pytest.raises(KeysError, match=str(tmp_path)):
        load_or_make(tmp_path)


def test_keys_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    load_or_make(tmp_path / "one")
    load_or_make(tmp_path / "two")
    (tmp_path / "two" / "platform.pem").replace(tmp_path / "one" / "platform.pem")
    with pytest.raises(KeysError, match="another key"):
        load_or_make(tmp_path / "one")


def test_what_is_sealed_opens_in_its_place_only() -> None:
    vault = Vault(bytes(range(32)))
    sealed = vault.seal(b"secret", "k0/one")
    assert vault.open(sealed, "k0/one") == b"secret"
    assert vault.seal(b"secret", "k0/one") != sealed
    with pytest.raises(InvalidTag):
        vault.open(sealed, "k0/two")


@pytest.mark.parametrize("text", ["", "{}", '{"id": "x", "title": "y", "lessons": [{}]}'])
def test_a_course_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.json").write_text(text)
    with pytest.raises(SeedError, match=r"course\.json"):
        seed_demo(tmp_path / "data", course=course)
