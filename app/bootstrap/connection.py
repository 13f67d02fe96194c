"""`anxue diagnose --connection URL`: which step of the connection ends where, in two languages."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.texts import Translate
    from sync.connection import Examined


def diagnose_connection(url: str, certificate: Path, *, as_json: bool) -> int:
    """0 only if every step went well. certificate: the platform's; need not be there."""
    from cryptography.hazmat.primitives import hashes

    from app.adapters.doorway import kept_login
    from sync import trust
    from sync.adapters.connection import examine
    from sync.adapters.gateway import HttpGateway
    from sync.adapters.keys import KeyringSecrets
    from sync.adapters.line import LineSession
    from sync.adapters.proxies import Proxies

    address = url or os.environ.get("ANXUE_PLATFORM", "")
    secrets = KeyringSecrets(address)
    try:
        proxies = Proxies(
            lambda: LineSession(None), kept_login=lambda proxy: kept_login(secrets, proxy)
        )
        gateway = HttpGateway(address, proxies=proxies)
    except ValueError:
        sys.stderr.write(
            "平台地址要以 https:// 开头 · the platform's address must begin with https://\n"
        )
        return 2
    trusted, production = "", True
    if certificate.exists():
        try:
            loaded = trust.load(certificate.read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError, trust.TrustError) as error:
            sys.stderr.write(f"无法读取证书 · cannot read the certificate: {error}\n")
            return 2
        trusted, production = loaded.fingerprint(hashes.SHA256()).hex(), not trust.is_demo(loaded)
    examined = examine(gateway, address, trusted_sha256=trusted, production=production)
    gateway.close()
    if as_json:
        sys.stdout.write(json.dumps(asdict(examined), ensure_ascii=False, indent=1) + "\n")
    else:
        _write(examined)
    return 0 if examined.well else 1


def _write(examined: Examined) -> None:
    """Each step on a line, first in Chinese and then in English."""
    english = _english()
    sys.stdout.write(f"{examined.address}\n")
    for translate in (lambda _context, source: source, english):
        sys.stdout.write("".join(f"{line}\n" for line in _lines(examined, translate)))


def _lines(examined: Examined, translate: Translate) -> list[str]:
    from app import texts

    lines = []
    for finding in examined.findings:
        words = texts.connection_step(translate, finding)
        mark = "✗" if finding.wrong else "✓"
        lines.append(f"{mark} {texts.connection_step_name(translate, finding)}  {words.what}")
        if words.todo:
            lines.append(f"  {words.todo}")
    return lines


def _english() -> Translate:
    """The catalogue without a window; a source without a translation stays as it is."""
    from PySide6.QtCore import QTranslator

    from app.ui.language import CATALOGUES

    translator = QTranslator()
    translator.load("anxue_en", str(CATALOGUES))
    return lambda context, source: translator.translate(context, source) or source
