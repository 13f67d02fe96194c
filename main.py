"""Anxue 安学: the program's arguments, nothing else. `app.bootstrap` puts the parts together."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Callable
from pathlib import Path

from app import bootstrap
from app.bootstrap import platform_commands


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="anxue", description="安学 Anxue：安全生产网络培训客户端 · online safety training"
    )
    top.add_argument("--version", action="version", version=f"Anxue {bootstrap.VERSION}")
    top.add_argument("--platform", metavar="URL", help="平台地址 · the training platform's address")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    demo = commands.add_parser("demo", help="用内置平台演示 · show it with the embedded platform")
    demo.add_argument(
        "--auto", action="store_true", help="自动走完全程 · drive the story by itself"
    )
    demo.add_argument("--out", type=Path, default=Path("out/demo"), metavar="DIR")
    demo.add_argument("--data", type=Path, metavar="DIR", help="保留数据 · keep the data there")

    platform = commands.add_parser(
        "platform", help="参考平台：启动、检查 · the reference platform: start it, check one"
    )
    platform.add_argument("--data", type=Path, metavar="DIR", help="必需 · needed to start it")
    platform.add_argument("--port", type=int, default=8443)
    platform.add_argument(
        "--database", metavar="URL", help="数据库，默认为 SQLite · postgresql+psycopg://…"
    )
    platform.add_argument(
        "--share-port",
        action="store_true",
        help="多个进程共用一个端口（Linux） · several processes on one port",
    )
    platform.add_argument(
        "--metrics-port", type=int, metavar="PORT", help="本机监控端口 · /metrics on the loopback"
    )
    platform.add_argument(
        "--drain", type=float, default=0.0, metavar="SECONDS",
        help="SIGTERM 后继续应答的时间 · how long requests are still taken after SIGTERM",
    )  # fmt: skip
    platform.add_argument(
        "--log", action="store_true", help="每个请求一行日志 · a line of log for each request"
    )
    platform.add_argument("--demo", type=Path, metavar="DIR", help="演示课程 · a demo course")
    platform.add_argument(
        "--suite", choices=("RS256+SHA-256", "SM2+SM3"), help="密码算法 · of keys that it makes"
    )
    platform.add_argument("--until-stdin-closes", action="store_true")
    platform_commands.add(platform)

    verify = commands.add_parser("verify", help="核验导出的记录 · check an exported record bundle")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument("--certificate", type=Path, metavar="PEM", help="平台证书 · certificate")
    verify.add_argument(
        "--roots", metavar="FILE|URL", help="平台公布的每日根 · the platform's published roots"
    )
    verify.add_argument(
        "--keep-roots", type=Path, metavar="FILE", help="把取到的根存入文件 · keep what was fetched"
    )
    verify.add_argument("--json", action="store_true", help="给机器看 · for machines")
    verify.add_argument("--language", choices=("zh_CN", "en"), default="zh_CN")

    judge = commands.add_parser(
        "proctor-eval", help="用录像评估人脸验证 · judge recorded clips as a check would"
    )
    judge.add_argument("folder", type=Path, metavar="DIR", help="DIR/live/…, DIR/<attack>/…")
    judge.add_argument("--json", type=Path, metavar="FILE", help="结果 · write the results there")
    judge.add_argument("--match-accept", type=float, metavar="COSINE", help="同一人 · same from")
    judge.add_argument("--match-alert", type=float, metavar="COSINE", help="他人 · other below")
    judge.add_argument("--risk-review", type=float, metavar="RISK", help="复核 · review from")

    enrol = commands.add_parser(
        "enrol", help="登记学员人脸（培训机构） · set a learner's face (institution)"
    )
    enrol.add_argument(
        "learner", metavar="ID", help="平台上的学员编号 · as the platform names them"
    )
    enrol.add_argument(
        "--photo", type=Path, nargs="+", default=[], metavar="FILE",
        help="证件照；不给则用摄像头 · photographs; the camera without any",
    )  # fmt: skip
    enrol.add_argument(
        "--token-file", type=Path, required=True, metavar="FILE", help="机构令牌 · the token's file"
    )

    diagnose = commands.add_parser(
        "diagnose", help="显示环境与设置，检查连接 · environment, settings, the connection"
    )
    diagnose.add_argument(
        "--connection", metavar="URL", help="逐步检查到平台的连接 · look at the way to a platform"
    )
    diagnose.add_argument("--certificate", type=Path, metavar="PEM", help="平台证书 · certificate")
    diagnose.add_argument("--json", action="store_true", help="给机器看 · for machines")
    commands.add_parser("models", help="检查人脸模型 · check the face models")
    return top


def _demo(options: argparse.Namespace) -> int:
    return bootstrap.demo(auto=options.auto, out=options.out, data=options.data)


def _platform(options: argparse.Namespace) -> int:
    if options.platform_command:
        return platform_commands.run(options)
    if options.data is None:
        sys.stderr.write("请用 --data 给出数据文件夹 · say --data DIR to start the platform\n")
        return 2
    return bootstrap.platform(
        options.data,
        options.port,
        until_stdin_closes=options.until_stdin_closes,
        course=options.demo,
        suite=options.suite,
        database=options.database,
        share_port=options.share_port,
        metrics_port=options.metrics_port,
        drain_s=options.drain,
        logged=options.log,
    )


def _verify(options: argparse.Namespace) -> int:
    return bootstrap.verify(
        options.file,
        options.certificate,
        as_json=options.json,
        language=options.language,
        roots=options.roots,
        keep_roots=options.keep_roots,
    )


def _proctor_eval(options: argparse.Namespace) -> int:
    return bootstrap.proctor_eval(
        options.folder,
        options.json,
        accept=options.match_accept,
        alert=options.match_alert,
        review=options.risk_review,
    )


def _enrol(options: argparse.Namespace) -> int:
    return bootstrap.enrol(options.platform, options.learner, options.photo, options.token_file)


def _diagnose(options: argparse.Namespace) -> int:
    if options.connection is None:
        return bootstrap.diagnose()
    return bootstrap.look_at_connection(
        options.connection, options.certificate, as_json=options.json
    )


RUN: dict[str | None, Callable[[argparse.Namespace], int]] = {
    None: lambda options: bootstrap.client(options.platform),
    "demo": _demo,
    "platform": _platform,
    "verify": _verify,
    "proctor-eval": _proctor_eval,
    "enrol": _enrol,
    "diagnose": _diagnose,
    "models": lambda _options: bootstrap.models(),
}


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    return RUN[options.command](options)


if __name__ == "__main__":
    multiprocessing.freeze_support()  # a proxy's script runs in a process of its own
    sys.exit(main())
