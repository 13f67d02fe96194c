"""A gateway of the bench: `main.py platform` over one database, with a clock that can jump.

    python -m tests.bench.chaos_gateway DATA PORT DATABASE FAULTS

Plans of checks are believed, as in a course without any: the bench is about records.
"""

import sys
from pathlib import Path

from sync.reference.server import ServeOptions, serve

if __name__ == "__main__":
    data, port, database, faults = sys.argv[1:5]
    options = ServeOptions(
        data=Path(data),
        port=int(port),
        database_url=database,
        until_stdin_closes=True,
        faults=Path(faults),
    )
    sys.exit(serve(options))
