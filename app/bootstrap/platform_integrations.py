"""`anxue platform token|worker|forwarding`: roles, and what goes to the platform's neighbours."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.reference.platform import Platform

DESTINATIONS = ("xapi", "supervision")


def common_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="数据文件夹 · the data folder"
    )
    parser.add_argument(
        "--database",
        metavar="URL",
        help="数据库地址，不给则在数据文件夹 · not the one in the folder",
    )


def token_arguments(parser: argparse.ArgumentParser) -> None:
    common_arguments(parser)
    parser.add_argument("--role", choices=("institution", "supervisor"), help="角色 · whose")
    parser.add_argument("--institution", metavar="ID", help="机构编号 · of which institution")
    parser.add_argument("--name", metavar="TEXT", help="用途 · what it is for")
    parser.add_argument("--days", type=int, metavar="N", help="有效天数 · good for so long")
    parser.add_argument("--withdraw", type=int, metavar="N", help="作废编号 · withdraw this one")


def token(options: argparse.Namespace) -> int:
    """Make a token and say it once; withdraw one; without a role, list them."""
    from sync.reference import audit, roles

    def written(action: str, number: int, log: str | None) -> None:
        told = audit.Action(
            log=log or audit.PLATFORM, role="console", who="console", action=action,
            subject=str(number),
        )  # fmt: skip
        audit.write(db, platform.keys.vault, told, now)

    with _platform(options) as platform:
        now = platform.clock()
        try:
            with platform.store.writing() as db:
                if options.withdraw is not None:
                    whose = roles.withdraw(db, options.withdraw, now)
                    written("token withdrawn", options.withdraw, whose)
                elif options.role is not None:
                    made, number = roles.make(
                        db, options.role, options.institution, options.name or "", now,
                        days=options.days,
                    )  # fmt: skip
                    written("token made", number, options.institution)
                    sys.stderr.write(
                        f"令牌 {number}，只显示这一次 · token {number}, shown only now:\n"
                    )
                    sys.stdout.write(f"{made}\n")
                    return 0
                listed = roles.tokens(db, now)
        except roles.RolesError as error:
            sys.stderr.write(f"未完成 · not done: {error}\n")
            return 1
    for each in listed:
        until = each.expires_at.date().isoformat() if each.expires_at else "-"
        where = each.institution or "-"
        sys.stdout.write(f"{each.id}\t{each.role}\t{where}\t{each.state}\t{until}\t{each.name}\n")
    return 0


def worker(options: argparse.Namespace) -> int:
    """Forward until told to stop (Ctrl-C, SIGTERM)."""
    from sync.reference.worker import Worker

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with _platform(options) as platform:
        if not platform.settings.integrations.destinations:
            sys.stderr.write(
                "integrations.toml 未指明去处 · integrations.toml names nobody to forward to\n"
            )
            return 1
        Worker(platform).run(stop)
    return 0


def objects_arguments(parser: argparse.ArgumentParser) -> None:
    common_arguments(parser)
    parser.add_argument(
        "--move-films",
        action="store_true",
        help="把影片文件放进对象存储 · put films into the store",
    )


def objects(options: argparse.Namespace) -> int:
    """Whether the object store answers; put films into it; delete what no row names."""
    from sync.reference import evidence, media_objects
    from sync.reference.objects import ObjectsError

    with _platform(options) as platform:
        if platform.objects is None:
            sys.stderr.write(
                "integrations.toml 未指明对象存储 · integrations.toml names no store\n"
            )
            return 1
        try:
            platform.objects.check()
            moved = media_objects.move_in(platform) if options.move_films else 0
        except (ObjectsError, OSError) as error:
            sys.stderr.write(f"未完成 · not done: {error}\n")
            return 1
        gone = evidence.sweep_objects(platform)
        sys.stdout.write(
            f"存储可用；移入影片 {moved} 部，清除无主对象 {gone} 个 · "
            f"the store answers; {moved} films put in, {gone} objects that nothing names deleted\n"
        )
    return 0


def forwarding_arguments(parser: argparse.ArgumentParser) -> None:
    common_arguments(parser)
    parser.add_argument(
        "--to", choices=DESTINATIONS, metavar="NAME", help="只看一处 · only xapi or supervision"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--retry",
        nargs="*",
        type=int,
        metavar="N",
        help="重送，不给编号则全部 · again; all if none",
    )
    what.add_argument("--drop", nargs="+", type=int, metavar="N", help="作废 · give these up")
    what.add_argument(
        "--backfill", action="store_true", help="补送已有记录 · send all that was kept before"
    )


def forwarding(options: argparse.Namespace) -> int:
    """What waits and what was given up; send it again, give it up for good, or begin anew."""
    from sync.reference import forwarding as outbox

    with _platform(options) as platform, platform.store.writing() as db:
        now = platform.clock()
        if options.retry is not None:
            count = outbox.retry(db, now, set(options.retry) or None)
            sys.stdout.write(f"重新排队 {count} 条 · {count} on their way again\n")
        elif options.drop is not None:
            count = outbox.drop(db, set(options.drop))
            sys.stdout.write(f"已作废 {count} 条 · {count} given up\n")
        elif options.backfill:
            if options.to is None:
                sys.stderr.write("请用 --to 指明去处 · say --to NAME\n")
                return 2
            count = outbox.backfill(db, options.to, now)
            sys.stdout.write(f"补送 {count} 条链 · {count} chains on their way\n")
        for depth in outbox.depth(db, now):
            sys.stdout.write(
                f"{depth.destination}: 等待 {depth.waiting}，失败 {depth.dead}，"
                f"最早 {depth.oldest_s:.0f} 秒前 · {depth.waiting} waiting, {depth.dead} given up, "
                f"oldest {depth.oldest_s:.0f} s\n"
            )
        for letter in outbox.dead_letters(db, options.to):
            sys.stdout.write(
                f"{letter.id}\t{letter.destination}\t{letter.chain} "
                f"{letter.first_seq}-{letter.last_seq}\t{letter.error}\n"
            )
    return 0


@contextmanager
def _platform(options: argparse.Namespace) -> Iterator[Platform]:
    """The platform of the folder, without its door. Ends the program if it cannot be opened."""
    from sync.reference import integrations
    from sync.reference.app import create_app
    from sync.reference.keys import KeysError
    from sync.reference.objects import ObjectsError
    from sync.reference.platform import Platform, Settings
    from sync.reference.signon import SignOnError

    if not (options.data / "private").is_dir():  # or a new platform would be made there
        raise SystemExit(f"没有平台数据 · no platform's data: {options.data}")
    try:
        settings = Settings(
            data=options.data,
            database_url=options.database,
            integrations=integrations.load(options.data),
        )
        platform = create_app(settings).state.platform
    except (KeysError, ObjectsError, SignOnError, integrations.IntegrationsError) as error:
        raise SystemExit(f"打不开 · cannot be opened: {error}") from error
    assert isinstance(platform, Platform)
    try:
        yield platform
    finally:
        platform.store.close()
