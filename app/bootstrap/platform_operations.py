"""`anxue platform audit` and `… chores`: the console of who looks after a gateway."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.reference.audit import Checked

# 中文 and English of what `sync.reference.audit` doubts.
_WORDS = {
    "missing": (
        "第 {number} 条缺失，或编号被改",
        "entry {number} is missing, or numbers were changed",
    ),
    "changed": ("第 {number} 条被改动，或与前一条不衔接", "entry {number} was changed or put in"),
    "cut": ("第 {number} 条起的末尾被截去", "the end was cut off from entry {number} on"),
    "added": ("第 {number} 条是绕过程序添加的", "entry {number} was added behind the program"),
    "head": ("日志的首尾登记缺失", "the log's head is missing"),
    "mac": ("日志的登记不是本平台所写", "the log's head was not written by this platform"),
    "root": (
        "第 {number} 条与已公布的每日根不符",
        "entry {number} is not the one under the published root",
    ),
}


def audit_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--database", metavar="URL", help="默认为 SQLite · SQLite without")
    parser.add_argument("--json", action="store_true", help="给机器看 · for machines")


def audit(options: argparse.Namespace) -> int:
    """Check the audit logs; 0 only if all of them are whole."""
    from sync.reference.audit import check
    from sync.reference.keys import KeysError, load_or_make
    from sync.reference.store import Store

    if not (options.data / "private").is_dir():
        sys.stderr.write(f"{options.data}: 没有平台数据 · no platform's data\n")
        return 2
    try:
        keys = load_or_make(options.data)
    except KeysError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    store = Store(options.database) if options.database else Store.in_folder(options.data)
    try:
        with store.reading() as db:
            checked = check(db, keys.vault)
    finally:
        store.close()
    told = _as_json(checked) if options.json else _explained(checked)
    sys.stdout.write(told)
    return 1 if checked.doubts else 0


def _explained(checked: Checked) -> str:
    lines = [
        f"{_log(log)}：{entries} 条 · {entries} entries"
        for log, entries in sorted(checked.entries.items())
    ]
    for doubt in checked.doubts:
        zh, en = (words.format(number=doubt.number) for words in _WORDS[doubt.code])
        lines.append(f"{_log(doubt.log)}：{zh} · {en}")
    if not checked.doubts:
        lines.append("审计日志完好 · the audit logs are whole")
    return "\n".join(lines) + "\n"


def _as_json(checked: Checked) -> str:
    doubts = [
        {"log": each.log, "number": each.number, "code": each.code} for each in checked.doubts
    ]
    told = {"ok": not checked.doubts, "entries": checked.entries, "doubts": doubts}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _log(log: str) -> str:
    return log or "平台 · platform"
