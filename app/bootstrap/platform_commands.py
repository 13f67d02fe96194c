"""`anxue platform …`: what is run on the platform's side, each with its own arguments.

Without a command it serves. A new one is a `PlatformCommand` in COMMANDS: `arguments` adds
what it takes to its parser, `run` answers with the exit code. Only argparse is imported here;
a command's heavy parts are imported inside its `run`, so that `anxue --help` comes at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.bootstrap import platform_integrations, platform_operations


@dataclass(frozen=True, slots=True)
class PlatformCommand:
    """name: the word after `platform`. help: both languages, 中文 · English."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="平台地址，不带 /v1 · its address without /v1")
    parser.add_argument(
        "--certificate", type=Path, required=True, metavar="PEM", help="平台证书 · its certificate"
    )
    parser.add_argument("--learner", required=True, metavar="NAME", help="学员 · a learner's name")
    parser.add_argument("--learner-2", metavar="NAME", help="同班另一学员 · another of the class")
    parser.add_argument("--only", metavar="TEXT", help="只查名称含此文字的项 · only such promises")
    parser.add_argument("--list", action="store_true", help="只列出各项 · only list the promises")
    parser.add_argument("--json", action="store_true", help="给机器看 · for machines")
    parser.add_argument(
        "--language", choices=("zh_CN", "en"), help="语言，不给则两种 · one of both"
    )


def _check(options: argparse.Namespace) -> int:
    from app.bootstrap.contract_check import check

    return check(options)


COMMANDS: tuple[PlatformCommand, ...] = (
    PlatformCommand(
        "check",
        "检查一个平台是否守约 · check that a server keeps the contract",
        _check_arguments,
        _check,
    ),
    PlatformCommand(
        "token",
        "机构与监管部门的令牌 · tokens of institutions and supervisors",
        platform_integrations.token_arguments,
        platform_integrations.token,
    ),
    PlatformCommand(
        "worker",
        "转送到学习记录库与监管平台 · forward to the record store and the supervision platform",
        platform_integrations.common_arguments,
        platform_integrations.worker,
    ),
    PlatformCommand(
        "objects",
        "检查对象存储，移入影片 · check the object store, put films into it",
        platform_integrations.objects_arguments,
        platform_integrations.objects,
    ),
    PlatformCommand(
        "forwarding",
        "查看、重送未转送的记录 · what waits to be forwarded, and what was given up",
        platform_integrations.forwarding_arguments,
        platform_integrations.forwarding,
    ),
    PlatformCommand(
        "audit",
        "检查审计日志是否被改动 · check that nobody changed the audit logs",
        platform_operations.audit_arguments,
        platform_operations.audit,
    ),
)


def add(platform: argparse.ArgumentParser) -> None:
    """Put all commands under `platform`; their name comes back as `platform_command`."""
    below = platform.add_subparsers(dest="platform_command", metavar="COMMAND", title="commands")
    for command in COMMANDS:
        parser = below.add_parser(command.name, help=command.help, description=command.help)
        command.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """The command that was named. Raises KeyError for one that is not there."""
    return {command.name: command.run for command in COMMANDS}[options.platform_command](options)
