"""After the end of a run: what of it is still on its way, and the way back in. And the line.

Handlers of `app.session.TABLE`.
"""

from __future__ import annotations

from dataclasses import replace

from app import intents
from app.effects import ExamineLine, LogInAtProxy
from app.events import Flushed, Flushing, LineExamined
from app.state import Session, Step
from app.view import LineView


def flushed(session: Session, at_ns: int, event: Flushed) -> Step:
    if session.ended is None:
        return session, ()
    ended = replace(session.ended, sending=False, unsent=event.unsent, pictures=event.pictures)
    return replace(session, ended=ended), ()


def flushing(session: Session, at_ns: int, event: Flushing) -> Step:
    """How far the last sending is; who has been let go is not held back again."""
    if session.ended is None:
        return session, ()
    total = max(session.ended.total, event.records + event.pictures)
    ended = replace(session.ended, unsent=event.records, pictures=event.pictures, total=total)
    return replace(session, ended=ended), ()


def leave_now(session: Session, at_ns: int, intent: intents.LeaveNow) -> Step:
    """What is left stays in the store; sending goes on for as long as the program does."""
    if session.ended is None:
        return session, ()
    return replace(session, ended=replace(session.ended, sending=False)), ()


def log_in_at_proxy(session: Session, at_ns: int, intent: intents.ProxyLogin) -> Step:
    effect = LogInAtProxy(intent.name, intent.password, intent.remember)
    return replace(session, report=None), (effect,)


def begin_anew(session: Session, at_ns: int, intent: intents.Retry) -> Step:
    """Back to the sign-in page; nothing of the last learner stays but their name."""
    anew = Session(
        preferences=session.preferences,
        focus=session.focus,
        cameras=session.cameras,
        camera=session.camera,
        flags=session.flags,
    )
    return anew, ()


def look_at_line(session: Session, at_ns: int, intent: intents.LookAtLine) -> Step:
    return replace(session, look=LineView()), (ExamineLine(),)


def line_examined(session: Session, at_ns: int, event: LineExamined) -> Step:
    """Nobody waits for it any more who has closed it."""
    if session.look is None:
        return session, ()
    return replace(session, look=LineView(event.examined)), ()


def close_line(session: Session, at_ns: int, intent: intents.CloseLine) -> Step:
    return replace(session, look=None), ()
