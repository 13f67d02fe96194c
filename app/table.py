"""Prints the session's table as a page: `python -m app.table > docs/session.md`."""

from __future__ import annotations

from app.session import ALWAYS, TABLE, Handler

HEAD = """# The study session's table

Made from `app/session.py` by `python -m app.table`; a test keeps it true. An event that a
phase does not name changes nothing in it.
"""


def page() -> str:
    """One section a phase, each event with the function that takes it."""
    sections = [HEAD]
    for phase, handlers in TABLE.items():
        sections.append(_section(phase.value, handlers))
    sections.append(_section("in every phase that does not say otherwise", ALWAYS))
    return "\n".join(sections)


def _section(title: str, handlers: dict[type, Handler]) -> str:
    rows = [
        f"| {_kind(event)} | `{handler.__module__}.{handler.__name__}` |"
        for event, handler in sorted(handlers.items(), key=lambda row: _kind(row[0]))
    ]
    return "\n".join((f"## {title}\n", "| on | does |", "|---|---|", *rows, ""))


def _kind(event: type) -> str:
    return f"wants {event.__name__}" if event.__module__ == "app.intents" else event.__name__


if __name__ == "__main__":
    print(page(), end="")
