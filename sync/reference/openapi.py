"""The contract as an OpenAPI document: `python -m sync.reference.openapi`.

Written to docs/platform-api/openapi.json; a test holds the file against the code.
"""

import json
import sys
from pathlib import Path

from sync.reference.app import bare_app

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "platform-api" / "openapi.json"


def text() -> str:
    """The document, the same bytes each time."""
    return json.dumps(bare_app().openapi(), ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(text(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{DOCUMENT}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
