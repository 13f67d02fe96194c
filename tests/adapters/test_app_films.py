"""Where a film is to be had now, who gets credentials, and what the policy says of films."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.adapters.films import Films, rules_of
from sync.contract import MediaAddress, Policy, RenditionInfo
from sync.ports import NoKeyringError, RefusedError, UnreachableError
from tests.session_kit import lesson

URL = "https://platform.example"
TOKEN = {"Authorization": "Bearer secret"}
KEY = bytes(range(32))


class Platform:
    """Gives addresses that end `lasts_s` after `now_s`."""

    def __init__(self, lasts_s: float = 3600) -> None:
        self.lasts_s = lasts_s
        self.now_s = 1_800_000_000.0
        self.asked: list[str] = []
        self.error: Exception | None = None

    def address(self, path: str) -> MediaAddress:
        self.asked.append(path)
        if self.error is not None:
            raise self.error
        ends = datetime.fromtimestamp(self.now_s + self.lasts_s, UTC)
        url = f"https://cdn.example{path}?signature={len(self.asked)}"
        return MediaAddress(url=url, expires_at=ends.isoformat().replace("+00:00", "Z"))

    def films(self) -> Films:
        return Films(
            URL + "/",
            media_address=self.address,
            authorization=lambda: TOKEN,
            utc_s=lambda: self.now_s,
        )


def rendition(*, signed: bool = True) -> RenditionInfo:
    return lesson().renditions[0].model_copy(update={"signed": signed})


def test_a_rendition_that_is_not_signed_is_where_it_says() -> None:
    platform = Platform()
    films = platform.films()
    url = films.url_of(rendition(signed=False))
    assert url == f"{URL}/v1/media/lesson-1/fluent.mp4"
    assert films.locate(url, False) == url
    assert platform.asked == []


def test_a_signed_address_is_used_while_it_lasts_and_renewed_before_it_ends() -> None:
    platform = Platform(lasts_s=600)
    films = platform.films()
    url = films.url_of(rendition())
    first = films.locate(url, False)
    assert first.startswith("https://cdn.example/v1/media/lesson-1/fluent.mp4?")
    platform.now_s += 500
    assert films.locate(url, False) == first
    platform.now_s += 60
    assert films.locate(url, False) != first
    assert platform.asked == ["/v1/media/lesson-1/fluent.mp4"] * 2


def test_a_refused_address_is_renewed_at_once() -> None:
    platform = Platform()
    films = platform.films()
    url = films.url_of(rendition())
    assert films.locate(url, False) != films.locate(url, True)


def test_a_platform_out_of_reach_is_passing_trouble_and_a_refusal_is_not() -> None:
    platform = Platform()
    films = platform.films()
    url = films.url_of(rendition())
    platform.error = UnreachableError("gone")
    with pytest.raises(OSError, match="UnreachableError"):
        films.locate(url, False)
    platform.error = RefusedError("forbidden", "not yours")
    assert films.locate(url, False) == url


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"{URL}/v1/media/x.mp4", True),
        (f"{URL}/v1/media/x.mp4?expires=1&signature=2", False),
        ("https://cdn.example/v1/media/x.mp4", False),
        ("http://platform.example/v1/media/x.mp4", False),
        ("https://platform.example.evil.example/x", False),
        ("https://platform.example:8443/x", False),
    ],
)
def test_credentials_go_to_the_platform_alone(url: str, told: bool) -> None:
    assert Platform().films().authorize(url) == (TOKEN if told else {})


class Ring:
    """A keyring with this user's secret, or none."""

    def __init__(self, secret: bytes | None) -> None:
        self.secret = secret

    def machine_secret(self) -> bytes:
        if self.secret is None:
            raise NoKeyringError("none")
        return self.secret

    def password(self, name: str) -> str | None:
        return None

    def remember_password(self, name: str, password: str) -> None: ...

    def forget_password(self, name: str) -> None: ...


def text(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def test_the_policy_rules_the_films_of_this_pc() -> None:
    policy = Policy(
        media_cache_mb=128,
        media_encrypted=True,
        media_shared=True,
        media_key=text(KEY),
        media_proxy="http://10.0.0.2:8080/",
        media_folder="D:\\课程",
    )
    rules = rules_of(policy, Path("/shared"), Ring(None))
    assert rules.max_bytes == 128 * 1024 * 1024
    assert (rules.encrypted, rules.key, rules.shared_folder) == (True, KEY, Path("/shared"))
    assert (rules.proxy, rules.folder) == ("http://10.0.0.2:8080", Path("D:\\课程"))


def test_without_a_key_of_the_institution_each_user_has_one_and_shares_nothing() -> None:
    policy = Policy(media_encrypted=True, media_shared=True)
    one, other = (rules_of(policy, Path("/s"), Ring(secret)) for secret in (KEY, KEY[::-1]))
    assert one.key is not None
    assert one.key != other.key
    assert one.key == rules_of(policy, Path("/s"), Ring(KEY)).key
    assert one.key != KEY
    assert one.shared_folder is None


def test_without_a_keyring_encrypted_films_last_for_this_run() -> None:
    policy = Policy(media_encrypted=True)
    keys = {rules_of(policy, Path("/s"), Ring(None)).key for _ in range(3)}
    assert len(keys) == 3
    assert None not in keys


@pytest.mark.parametrize("key", ["A", "AAAA", text(KEY) + "AA"])
def test_an_institutions_key_of_the_wrong_length_leaves_each_user_their_own(key: str) -> None:
    rules = rules_of(Policy(media_key=key, media_encrypted=True), Path("/s"), Ring(KEY))
    assert rules.key == rules_of(Policy(media_encrypted=True), Path("/s"), Ring(KEY)).key


def test_rules_that_make_no_sense_leave_films_playing() -> None:
    rules = rules_of(Policy(media_proxy="ftp://x", media_cache_mb=64), Path("/s"), Ring(KEY))
    assert (rules.proxy, rules.max_bytes) == ("", 64 * 1024 * 1024)
