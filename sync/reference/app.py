"""The platform as an ASGI application.

    app = create_app(Settings(data=folder), schedules=...)

It is stateless: what it knows is in the database and the data folder, so that several can
run behind one proxy.
"""

from email.utils import format_datetime
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.contract import API
from sync.reference import background, keys, metrics, problems
from sync.reference import evidence as pictures
from sync.reference import faults as misbehaviour
from sync.reference import signon as signing
from sync.reference.gate import BodyGate
from sync.reference.logs import Log, Silence
from sync.reference.objects import Objects
from sync.reference.platform import Clock, Platform, Schedules, Settings, utc_now
from sync.reference.rates import RateGate, Rates
from sync.reference.routes import (
    appeals,
    archive,
    courses,
    evidence,
    identity,
    institution,
    learners,
    media,
    papers,
    public,
    records,
    roots,
    sessions,
    signon,
    supervisor,
)
from sync.reference.running import Running, derived
from sync.reference.store import Store
from sync.reference.watch import Routed, Watch

TITLE = "Anxue platform"
SUMMARY = "Signed study records in, receipts and hours out."


def create_app(
    settings: Settings,
    *,
    schedules: Schedules | None = None,
    clock: Clock = utc_now,
    faults: Path | None = None,
    log: Log | None = None,
) -> FastAPI:
    """Open the data folder and serve it. Raises KeysError, ObjectsError, SignOnError.

    schedules: the proctor's schedule, so that plans of checks are recomputed; without it
    they are believed. faults: only for tests, see `sync.reference.faults`. log: where lines
    about requests go; nowhere without it.
    """
    if faults is not None:
        clock = misbehaviour.wrong_clock(clock, faults)
    settings.data.mkdir(parents=True, exist_ok=True)
    store = (
        Store(settings.database_url) if settings.database_url else Store.in_folder(settings.data)
    )
    app = bare_app()
    joined = settings.integrations
    running = Running(log=log or Silence(), rates=Rates(settings.rates))
    running.metrics.watch_pool(store.engine)
    platform = app.state.platform = Platform(
        settings=settings,
        running=running,
        objects=Objects(joined.objects) if joined.objects is not None else None,
        sign_on=signing.build(joined.sign_on) if joined.sign_on is not None else None,
        keys=keys.load_or_make(settings.data),
        store=store,
        clock=clock,
        schedules=schedules,
    )
    pictures.sweep_rows(platform)
    background.gauges(platform)
    app.add_middleware(Routed)
    app.add_middleware(records.Door, platform=platform)
    app.add_middleware(BodyGate)
    app.add_middleware(RateGate, rates=running.rates)
    app.add_middleware(_Dated, clock=clock)
    app.add_middleware(
        Watch,
        running=running,
        log_key=derived(platform.keys.vault.key, "log"),
        token=metrics.token(settings.data),
    )
    if faults is not None:
        app.add_middleware(misbehaviour.FaultyDoor, file=faults)
    return app


def bare_app() -> FastAPI:
    """Routes and errors without a platform behind them: what OpenAPI is made of."""
    app = FastAPI(
        title=TITLE,
        summary=SUMMARY,
        version=public.VERSION,
        docs_url=None,  # the page would load its scripts from somebody else's server
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        generate_unique_id_function=_operation,
        redirect_slashes=False,
    )
    problems.install(app)
    app.router.routes.extend(_routes())
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """What FastAPI makes of the routers, once for all applications of a process: it is dear."""
    whole = APIRouter(prefix=API)
    for part in (
        *(public, sessions, records, roots, identity, evidence, appeals),
        *(courses, media, papers, learners, archive, signon, supervisor, institution),
    ):
        whole.include_router(part.router)
    holder = FastAPI(openapi_url=None, generate_unique_id_function=_operation)
    holder.include_router(whole)
    return tuple(holder.router.routes)


def _operation(route: APIRoute) -> str:
    return route.name


class _Dated:
    """The Date header by the platform's own clock, so that it agrees with `now`."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["date"] = format_datetime(self._clock(), usegmt=True)
            await send(message)

        await self._app(scope, receive, dated if scope["type"] == "http" else send)
