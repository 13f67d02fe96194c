"""Anxue 安学: the program's arguments, nothing else. `app.bootstrap` puts the parts together."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app import bootstrap


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

    platform = commands.add_parser("platform", help="启动参考平台 · start the reference platform")
    platform.add_argument("--data", type=Path, required=True, metavar="DIR")
    platform.add_argument("--port", type=int, default=8443)
    platform.add_argument("--demo", type=Path, metavar="DIR", help="演示课程 · a demo course")
    platform.add_argument("--until-stdin-closes", action="store_true")

    verify = commands.add_parser("verify", help="核验导出的记录 · check an exported record bundle")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument("--certificate", type=Path, metavar="PEM", help="平台证书 · certificate")
    verify.add_argument("--json", action="store_true", help="给机器看 · for machines")
    verify.add_argument("--language", choices=("zh_CN", "en"), default="zh_CN")

    commands.add_parser("diagnose", help="显示环境与设置 · show the environment and settings")
    commands.add_parser("models", help="检查人脸模型 · check the face models")
    return top


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    match options.command:
        case "demo":
            return bootstrap.demo(auto=options.auto, out=options.out, data=options.data)
        case "platform":
            return bootstrap.platform(
                options.data,
                options.port,
                until_stdin_closes=options.until_stdin_closes,
                course=options.demo,
            )
        case "verify":
            return bootstrap.verify(
                options.file, options.certificate, as_json=options.json, language=options.language
            )
        case "diagnose":
            return bootstrap.diagnose()
        case "models":
            return bootstrap.models()
        case _:
            return bootstrap.client(options.platform)


if __name__ == "__main__":
    sys.exit(main())
