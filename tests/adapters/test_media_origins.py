"""From where films come: folder, room's cache, platform; signed addresses, credentials, TLS."""

import datetime as dt
import ipaddress
import itertools
import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from player.adapters.blocks import BLOCK_BYTES
from player.adapters.course_folder import FolderOrigin
from player.adapters.origins import Flow, same_origin
from player.events import Fault
from player.media_rules import MediaRules
from sync.ports import UnreachableError
from tests.media_origin import (
    MediaOrigin,
    comes,
    first,
    good,
    media_origin,
    portal,
    stall_after,
    status,
)
from tests.media_rig import FILM, SIZE, cache, film, get, rendition


@pytest.fixture
def origin() -> Iterator[MediaOrigin]:
    with media_origin({"film.mp4": FILM, "next.mp4": film(8)}) as server:
        yield server


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "U 盘"
    folder.mkdir()
    return folder


NAME = rendition("").sha256 + ".mp4"


def listed(folder: Path, data: bytes = FILM) -> None:
    """A course as the builder writes it."""
    folder.mkdir(parents=True)
    (folder / "lesson-1.mp4").write_bytes(data)
    told = {"lessons": [{"renditions": {"high": {"file": "lesson-1.mp4", "sha256": NAME[:64]}}}]}
    (folder / "course.json").write_text(json.dumps(told), "utf-8")


@pytest.mark.parametrize("way", ["name", "name below", "list", "list below"])
def test_a_film_on_a_stick_needs_no_line(
    tmp_path: Path, stick: Path, origin: MediaOrigin, way: str
) -> None:
    if way.startswith("name"):
        place = stick / "a" / "b" if way == "name below" else stick
        place.mkdir(parents=True, exist_ok=True)
        (place / NAME).write_bytes(FILM)
    else:
        listed(stick / "课程" if way == "list" else stick / "安全" / "课程")
    with cache(tmp_path / "kept", rules=MediaRules(folder=stick)) as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        assert get(address).content == FILM
    assert origin.asked == []


@pytest.mark.parametrize("wrong", ["size", "list", "outside", "deep"])
def test_what_is_not_the_film_on_a_stick_is_left(
    tmp_path: Path, stick: Path, origin: MediaOrigin, wrong: str
) -> None:
    match wrong:
        case "size":
            (stick / NAME).write_bytes(FILM[:-1])
        case "list":
            (stick / "course.json").write_text("[" * 100_000)
        case "outside":
            (stick.parent / "film.mp4").write_bytes(FILM)
            told = {"file": "../film.mp4", "sha256": NAME[:64]}
            (stick / "film.json").write_text(json.dumps(told))
        case "deep":
            listed(stick / "a" / "b" / "c" / "d")
    with cache(tmp_path / "kept", rules=MediaRules(folder=stick)) as media:
        assert get(media.open(rendition(origin.base() + "film.mp4"))).content == FILM
    assert len(origin.asked) == 1


def test_a_stick_that_is_pulled_out_is_not_missed(
    tmp_path: Path, stick: Path, origin: MediaOrigin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In mid-film, as the reader of the file tells it: an error of the disk."""
    from player.adapters import course_folder

    (stick / NAME).write_bytes(FILM)
    monkeypatch.setattr(course_folder, "_PIECE_BYTES", 50_000)
    real = course_folder.FolderOrigin.ask

    def ask(self: course_folder.FolderOrigin, offset: int) -> Flow:
        flow = real(self, offset)

        def pieces() -> Iterator[bytes]:
            yield from itertools.islice(flow.pieces, 8)
            (stick / NAME).unlink()
            raise OSError(5, "Input/output error")

        return Flow(flow.start, pieces(), flow.close)

    monkeypatch.setattr(course_folder.FolderOrigin, "ask", ask)
    with cache(tmp_path / "kept", rules=MediaRules(folder=stick)) as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        assert get(address).content == FILM
        assert media.trouble(address) is None
    assert 0 < origin.sent_bytes < SIZE


@pytest.mark.parametrize("moment", ["_find", "_right"])
def test_a_share_that_does_not_answer_is_not_waited_for(
    tmp_path: Path, stick: Path, origin: MediaOrigin, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    (stick / NAME).write_bytes(FILM)
    answers, hanging = threading.Event(), []

    def hang(*_: object) -> None:
        hanging.append(1)
        answers.wait()

    monkeypatch.setattr(FolderOrigin, moment, hang)
    try:
        with cache(tmp_path / "kept", rules=MediaRules(folder=stick)) as media:
            origin.delay_s = 0.02
            assert get(media.open(rendition(origin.base() + "film.mp4"))).content == FILM
        assert hanging == [1]
    finally:
        answers.set()


def test_a_damaged_film_on_a_stick_is_found_out(
    tmp_path: Path, stick: Path, origin: MediaOrigin
) -> None:
    wrong = bytearray(FILM)
    wrong[5 * BLOCK_BYTES] ^= 1
    (stick / NAME).write_bytes(wrong)
    with cache(tmp_path / "kept", rules=MediaRules(folder=stick)) as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        entry = media._find(media._path_of(address)).entry  # type: ignore[union-attr]
        assert comes(lambda: entry.file.sound)
        assert get(address).content == FILM
        assert media.trouble(address) is None
    assert origin.sent_bytes == SIZE


# The room's cache


def test_a_rooms_cache_gets_path_and_query_and_no_credentials(
    tmp_path: Path, origin: MediaOrigin
) -> None:
    with (
        media_origin({"v1/film.mp4": FILM}) as room,
        cache(
            tmp_path,
            rules=MediaRules(proxy=room.base().rstrip("/")),
            authorize=lambda _url: {"Authorization": "Bearer secret"},
        ) as media,
    ):
        address = media.open(rendition("https://platform.invalid/v1/film.mp4?expires=9&sig=a%2Fb"))
        assert get(address).content == FILM
        path, headers = room.asked[0]
        assert path == "/v1/film.mp4?expires=9&sig=a%2Fb"
        assert "Authorization" not in headers
    assert origin.asked == []


@pytest.mark.parametrize("fault", ["404", "403", "503", "portal", "stall", "cut off", "other"])
def test_a_rooms_cache_that_fails_is_not_seen(
    tmp_path: Path, origin: MediaOrigin, fault: str
) -> None:
    answers = {
        "404": status(404), "403": status(403), "503": status(503), "portal": portal,
        "stall": stall_after(4 * BLOCK_BYTES), "cut off": stall_after(0),
        "other": lambda handler, _film, start, _end: good(handler, FILM[:-1], start, SIZE - 1),
    }  # fmt: skip
    heard: list[object] = []
    with media_origin({"film.mp4": FILM}) as room:
        room.answer = answers[fault]
        proxy = MediaRules(proxy=room.base())
        with cache(tmp_path, rules=proxy, on_line=heard.append) as media:
            address = media.open(rendition(origin.base() + "film.mp4"))
            assert get(address).content == FILM
            assert heard == []
    assert origin.sent_bytes > 0


def test_a_rooms_cache_is_tried_again(tmp_path: Path, origin: MediaOrigin) -> None:
    long_film = film(11, 80 * BLOCK_BYTES)
    origin.films["/long.mp4"] = long_film
    origin.delay_s = 0.02
    with media_origin({"long.mp4": long_film}) as room:
        room.answer = first(1, status(503))
        with cache(tmp_path, rules=MediaRules(proxy=room.base())) as media:
            address = media.open(rendition(origin.base() + "long.mp4", long_film))
            assert comes(lambda: len(room.asked) >= 2)
            assert get(address).content == long_film
    assert 0 < origin.sent_bytes < len(long_film) + 3_000_000
    assert room.sent_bytes > 0


# Addresses


def test_an_address_that_expires_is_renewed_without_a_break(
    tmp_path: Path, origin: MediaOrigin
) -> None:
    located: list[tuple[str, bool]] = []

    def locate(url: str, refused: bool) -> str:
        located.append((url, refused))
        return f"{url}?signature={len(located)}"

    good_one = ["1"]
    cut = [stall_after(3 * BLOCK_BYTES), good]

    def answer(handler: object, data: bytes, start: int, end: int) -> None:
        signature = handler.path.rsplit("=", 1)[1]  # type: ignore[attr-defined]
        if signature != good_one[0]:
            handler.say(403)  # type: ignore[attr-defined]
        else:
            cut.pop(0)(handler, data, start, end)  # type: ignore[arg-type]

    origin.answer = answer
    with cache(tmp_path, locate=locate) as media:
        url = origin.base() + "film.mp4"
        address = media.open(rendition(url))
        assert comes(lambda: (line := media.line(address)) and line.ahead_bytes > 0)
        good_one[0] = "2"
        assert get(address).content == FILM
        assert located == [(url, False), (url, True)]
        assert media.trouble(address) is None


def test_an_address_that_is_refused_again_is_refused(tmp_path: Path, origin: MediaOrigin) -> None:
    origin.answer = status(403)
    renewed: list[bool] = []

    def locate(url: str, refused: bool) -> str:
        renewed.append(refused)
        return url

    with cache(tmp_path, locate=locate) as media:
        address = media.open(rendition(origin.base() + "film.mp4"))
        assert comes(lambda: media.trouble(address))
        trouble = media.trouble(address)
        assert trouble is not None
        assert trouble.fault is Fault.REFUSED
        assert renewed == [False, True]


@pytest.mark.parametrize(
    "error", [OSError("no"), requests.ConnectionError("no"), UnreachableError("no")]
)
def test_a_platform_that_gives_no_address_now_is_asked_again(
    tmp_path: Path, origin: MediaOrigin, error: Exception
) -> None:
    errors = [error, error]

    def locate(url: str, _refused: bool) -> str:
        if errors:
            raise errors.pop()
        return url

    with cache(tmp_path, locate=locate) as media:
        assert get(media.open(rendition(origin.base() + "film.mp4"))).content == FILM


def test_credentials_stay_with_the_platform(
    tmp_path: Path, origin: MediaOrigin, own_home: Path
) -> None:
    """Neither a redirection nor a .netrc takes them elsewhere."""
    (own_home / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    with media_origin({"film.mp4": FILM}) as elsewhere:
        origin.answer = status(302, Location=elsewhere.base("localhost") + "film.mp4")
        platform = origin.base()

        def authorize(url: str) -> dict[str, str]:
            ours = {"Authorization": "Bearer secret", "X-Learner": "7"}
            return ours if same_origin(url, platform) else {}

        with cache(tmp_path, authorize=authorize) as media:
            assert get(media.open(rendition(platform + "film.mp4"))).content == FILM
        assert origin.asked[0][1]["Authorization"] == "Bearer secret"
        assert not {"Authorization", "X-Learner"} & set(elsewhere.asked[0][1])
        with cache(tmp_path / "2") as media:
            assert get(media.open(rendition(platform + "film.mp4"))).content == FILM
        assert "Authorization" not in origin.asked[1][1]


def test_origins_are_compared_as_browsers_do() -> None:
    assert same_origin("https://A.example/x?y", "https://a.example:443")
    for other in ("http://a.example/", "https://a.example:444/", "https://a.example.evil/",
                  "https://evil/a.example", "https://a.example@evil/"):  # fmt: skip
        assert not same_origin(other, "https://a.example")


def _tls(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a server's context for 127.0.0.1 and the file of the authority behind it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public, private = folder / "ca.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


def test_https_with_trust_and_without(tmp_path: Path) -> None:
    context, authority = _tls(tmp_path)

    def trusting() -> requests.Session:
        session = requests.Session()
        session.verify = str(authority)
        return session

    with media_origin({"film.mp4": FILM}, tls=context) as origin:
        one = rendition(origin.base() + "film.mp4")
        origin.answer = first(1, stall_after(3 * BLOCK_BYTES))
        with cache(tmp_path / "1", session=trusting) as media:
            assert get(media.open(one)).content == FILM
        origin.answer = first(9, stall_after(3 * BLOCK_BYTES))
        with cache(tmp_path / "2", session=trusting) as media:  # stopped in the answer
            address = media.open(one)
            assert comes(lambda: (line := media.line(address)) and line.ahead_bytes > 0)
        with cache(tmp_path / "3") as media:
            address = media.open(one)
            assert comes(lambda: media.trouble(address))
            assert media.trouble(address).fault is Fault.UNREACHABLE  # type: ignore[union-attr]
