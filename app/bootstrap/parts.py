"""The larger parts of a running program, each put together in one place."""

from __future__ import annotations

import logging
import platform as machine
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap import VERSION

if TYPE_CHECKING:
    from app.adapters.courier import PlatformCourier
    from app.adapters.films import Films
    from app.adapters.places import Places
    from app.bootstrap.program import Setting
    from app.events import Event
    from app.ui.widgets.film import FilmView
    from player.adapters.media_cache import MediaCache
    from player.adapters.qt_player import QtPlayer
    from sync.adapters.gateway import HttpGateway
    from sync.contract import Policy
    from sync.ports import RecordStore

log = logging.getLogger(__name__)

SECOND = "platform-second.txt"
Tell = Callable[["Event"], None]
Clock = Callable[[], int]


def make_gateway(setting: Setting) -> HttpGateway:
    """The platform over HTTP, by the ways out of this PC and at one address or two."""
    from app.adapters.doorway import kept_login
    from sync.adapters.gateway import HttpGateway
    from sync.adapters.line import LineSession
    from sync.adapters.proxies import Proxies

    proxies = Proxies(
        lambda: LineSession(None), kept_login=lambda proxy: kept_login(setting.secrets, proxy)
    )
    gateway = HttpGateway(setting.url, proxies=proxies)
    gateway.use_second(_second(setting.places) or setting.second)
    return gateway


def remember_second(places: Places, address: str) -> None:
    """The policy's second address is needed most when the first cannot be reached to name it."""
    file = places.config / SECOND
    if _second(places) == address:
        return
    try:
        places.config.mkdir(parents=True, exist_ok=True)
        file.write_text(address, "utf-8")
    except OSError as error:
        log.warning("the second address is not kept: %s", error)


def _second(places: Places) -> str:
    try:
        return (places.config / SECOND).read_text("utf-8").strip()[:200]
    except (OSError, UnicodeDecodeError):
        return ""


def make_courier(
    setting: Setting, gateway: HttpGateway, clock_ns: Clock, tell: Tell
) -> PlatformCourier:
    """Everything that has to do with the platform and the store of records."""
    from cryptography.hazmat.primitives import hashes

    from app.adapters.computer import this_computer
    from app.adapters.courier import PlatformCourier
    from app.adapters.courier_parts import Client, Clocks, Trusted
    from app.adapters.doorway import Doorway
    from app.adapters.stores import Disk, Stores
    from proctor import devices
    from sync import sm2, suites, trust
    from sync.adapters import gm, keys
    from sync.adapters.connection import examine
    from sync.adapters.store import Store
    from sync.adapters.store_move import move, unsent
    from sync.adapters.store_rescue import rescue
    from sync.adapters.template_box import TemplateBox
    from sync.adapters.vault import store_key
    from sync.session import MistrustError

    def rescue_at(path: Path, key: bytes) -> tuple[RecordStore, int]:
        store, done = rescue(path, key, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()))
        return store, done.records

    sm2.offer(gm.load)
    anchor = trust.load(setting.certificate.read_text(encoding="ascii"))

    def make_key() -> suites.PrivateKey:
        try:
            return keys.run_key(suites.of_certificate(anchor))
        except sm2.MissingError as error:
            raise MistrustError("platform", str(error)) from error

    return PlatformCourier(
        gateway,
        Trusted(anchor, setting.mode),
        Client(
            VERSION,
            machine.platform(),
            setting.camera,
            setting.frame.simulated,
            signs=devices.flags("", "", this_computer()),
        ),
        Clocks(clock_ns, lambda: time.time_ns() // 1_000_000),
        stores=Stores(
            setting.places.data / "records",
            setting.secrets,
            key_of=store_key,
            session_secret=keys.session_secret,
            disk=Disk(Store, rescue_at, move, unsent, TemplateBox),
        ),
        make_key=make_key,
        secrets=setting.secrets,
        exports=setting.places.data / "exports",
        tell=tell,
        doorway=Doorway(
            setting.secrets,
            gateway.proxies.log_in,
            lambda: tuple(
                examine(
                    gateway,
                    address,
                    trusted_sha256=anchor.fingerprint(hashes.SHA256()).hex(),
                    production=setting.mode == "production",
                )
                for address in gateway.addresses()
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class Cinema:
    """The player with the cache that it reads from, and where its films come from."""

    player: QtPlayer
    cache: MediaCache
    films: Films
    use_policy: Callable[[Policy], None]


def make_cinema(
    setting: Setting,
    gateway: HttpGateway,
    courier: PlatformCourier,
    film: FilmView,
    clock_ns: Clock,
    tell: Tell,
) -> Cinema:
    """Player, cache and the platform's addresses; `film` shows the picture and says so."""
    from app.adapters.films import Films, rules_of
    from player.adapters.media_cache import MediaCache
    from player.adapters.qt_player import QtPlayer

    films = Films(
        setting.url,
        media_address=gateway.media_address,
        authorization=courier.authorization,
        utc_s=time.time,
        preferred=gateway.preferred,
    )
    cache = MediaCache(
        setting.places.cache / "media",
        authorize=films.authorize,
        locate=films.locate,
        session=gateway.new_session,
    )
    cache.start()
    player = QtPlayer(tell, cache, clock=clock_ns)
    player.frame_ready.connect(film.show_frame)
    film.frame_painted.connect(player.on_painted)

    def use_policy(policy: Policy) -> None:
        cache.use(rules_of(policy, setting.places.shared_media, setting.secrets))

    return Cinema(player, cache, films, use_policy)
