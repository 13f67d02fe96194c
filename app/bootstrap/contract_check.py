"""`anxue platform check URL`: whether a server keeps what a client relies on, in words.

Passwords come from the environment or are asked for; never from the command line, where
everybody on the machine could read them.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import ssl
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.reference.conformance.examine import Result, State
    from sync.reference.conformance.line import Line
    from sync.reference.conformance.promise import Check

PASSWORD = "ANXUE_CONTRACT_PASSWORD"  # noqa: S105 (the name of a variable)
TOKEN = "ANXUE_CONTRACT_INSTITUTION_TOKEN"  # noqa: S105 (the same)
_MARKS = {"kept": "✓", "broken": "✗", "not_examined": "–"}
_STATES: dict[State, tuple[str, str]] = {
    "kept": ("守约", "kept"),
    "broken": ("违约", "broken"),
    "not_examined": ("未查", "not examined"),
}


def check(options: argparse.Namespace) -> int:
    """0: all that could be tried is kept; 1: something is broken; 2: nothing could be tried."""
    from sync.reference.conformance.examine import PROMISES, examine

    wanted = [each for each in PROMISES if not options.only or options.only in each.name]
    if options.list:
        sys.stdout.writelines(f"{_words(each, options.language)}\n" for each in wanted)
        return 0
    line = _line(options)
    if line is None:
        return 2
    with closing(line.http):
        results = []
        for result in examine(line, wanted):
            results.append(result)
            if not options.json:
                sys.stdout.write(_said(result, options.language))
                sys.stdout.flush()
    counted = Counter(result.state for result in results)
    if options.json:
        sys.stdout.write(_as_json(options.url, results))
    else:
        told = [f"{chinese} · {english}: {counted[state]}"
                for state, (chinese, english) in _STATES.items()]  # fmt: skip
        sys.stdout.write("\n" + "\n".join(told) + "\n")
    return 1 if counted["broken"] or not counted["kept"] else 0


def _line(options: argparse.Namespace) -> Line | None:
    """The line to the server; None, with words on stderr, if there can't be one."""
    import httpx
    import truststore

    from sync import sm2, trust
    from sync.adapters import gm
    from sync.contract import API
    from sync.reference.conformance.line import Line, Patient

    sm2.offer(gm.load)
    try:
        certificate = trust.load(options.certificate.read_text("ascii"))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"证书读不了 · the certificate can't be read: {error}\n")
        return None
    password = _password(PASSWORD, options.learner)
    other = _password(f"{PASSWORD}_2", options.learner_2) if options.learner_2 else None
    if password is None or (options.learner_2 and other is None):
        return None
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    http = httpx.Client(
        base_url=f"{options.url.rstrip('/').removesuffix(API)}{API}",
        timeout=30,
        transport=Patient(verify=context),
    )
    try:
        http.get("/health")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        http.close()
        sys.stderr.write(f"连不上 {options.url} · it can't be reached: {error}\n")
        return None
    return Line(
        http=http,
        certificate=certificate,
        learner=(options.learner, password),
        other=(options.learner_2, other) if other is not None else None,
        institution_token=os.environ.get(TOKEN) or None,
    )


def _password(variable: str, name: str) -> str | None:
    told = os.environ.get(variable)
    if told:
        return told
    if sys.stdin.isatty():
        return getpass.getpass(f"{name} 的密码 · password of {name}: ")
    sys.stderr.write(f"请在环境变量 {variable} 里给出密码 · the password of {name} by {variable}\n")
    return None


def _said(result: Result, language: str | None) -> str:
    """A line for the promise, and one in each language for what was found."""
    text = f"{_MARKS[result.state]} {_words(result.check, language)}\n"
    if language != "en" and result.chinese:
        text += f"    → {result.chinese}\n"
    if language != "zh_CN" and result.english:
        text += f"    → {result.english}\n"
    return text


def _words(check: Check, language: str | None) -> str:
    both = {"zh_CN": check.chinese, "en": check.english}
    told = [text for name, text in both.items() if language in {None, name}]
    return f"{check.name}: {' · '.join(told)}"


def _as_json(url: str, results: Iterable[Result]) -> str:
    told = [
        {
            "name": result.check.name,
            "state": result.state,
            "promise": {"zh_CN": result.check.chinese, "en": result.check.english},
            "found": {"zh_CN": result.chinese, "en": result.english},
        }
        for result in results
    ]
    return json.dumps({"url": url, "promises": told}, ensure_ascii=False, indent=1) + "\n"
