#!/usr/bin/env python3
"""One door to everything a developer does: `python3 dev.py COMMAND`.

Needs nothing but Python 3.11 or newer, and brings the rest itself, from `uv.lock` into
`.venv`. The commands are in `tools/commands.py`.
"""

import sys

OLDEST = (3, 11)

if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(
            "安学需要 Python 3.11 或更新的版本，请安装后重试。\n"
            "Anxue needs Python 3.11 or newer; install it, then try again."
        )
    from tools.commands import main

    sys.exit(main())
