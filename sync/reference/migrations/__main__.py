"""Write the next step: `python -m sync.reference.migrations "what it does"`."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from sync.reference.migrations import FOLDER, configuration


def main(words: str) -> int:
    numbers = [int(file.name[5:9]) for file in (FOLDER / "versions").glob("step_*.py")]
    number = f"{max(numbers, default=0) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'at-head.sqlite3'}")
        with engine.begin() as connection:
            config = configuration(connection)
            config.set_main_option("file_template", f"step_{number}_%%(slug)s")
            command.upgrade(config, "head")
            command.revision(config, words, autogenerate=True, rev_id=number)
        engine.dispose()
    sys.stdout.write("Read it, format it, then commit it.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
