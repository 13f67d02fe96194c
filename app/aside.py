"""What goes on beside study: pictures and appeals, cameras, an export, a notice put away.

Handlers of `app.session.TABLE`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from app import intents, lessons
from app.effects import (
    Effect,
    Export,
    FetchSnapshots,
    Flush,
    Keep,
    Remember,
    SendAppeal,
    UseCamera,
)
from app.events import (
    AppealFailed,
    AppealFiled,
    CamerasChanged,
    Exported,
    SnapshotSealed,
    SnapshotsFailed,
    SnapshotsLoaded,
)
from app.state import Phase, Pictures, Session, Step
from app.view import Notice
from sync import facts
from sync.contract import Appeal


def show_snapshots(session: Session, at_ns: int, intent: object) -> Step:
    """Which pictures were taken, and where they are; also to ask again."""
    return replace(session, page="snapshots", pictures=None), (Flush(), FetchSnapshots())


def snapshots_loaded(session: Session, at_ns: int, event: SnapshotsLoaded) -> Step:
    return replace(session, pictures=Pictures(event.items, event.waiting)), ()


def snapshots_failed(session: Session, at_ns: int, event: SnapshotsFailed) -> Step:
    """The platform does not say; what waits on this PC is known all the same."""
    return replace(session, pictures=Pictures((), event.waiting, event.report)), ()


def snapshot_sealed(session: Session, at_ns: int, event: SnapshotSealed) -> Step:
    """The courier put it on record with the picture; here it is only counted."""
    return replace(session, records=session.records + 1), ()


def file_appeal(session: Session, at_ns: int, intent: intents.FileAppeal) -> Step:
    """A person at the institution shall look at the check that ended the run."""
    run, ended = session.run, session.ended
    if run is None or ended is None or ended.appeal not in ("offered", "failed"):
        return session, ()
    appeal = Appeal(chain=run.chain, check=ended.check, lesson=ended.lesson, reason=ended.why)
    return replace(session, ended=replace(ended, appeal="sending")), (SendAppeal(appeal),)


def appeal_filed(session: Session, at_ns: int, event: AppealFiled) -> Step:
    if session.ended is None:
        return session, ()
    ended = replace(session.ended, appeal="sent", appeal_number=event.number)
    return replace(session, ended=ended), ()


def appeal_failed(session: Session, at_ns: int, event: AppealFailed) -> Step:
    if session.ended is None:
        return session, ()
    return replace(session, ended=replace(session.ended, appeal="failed")), ()


def cameras_changed(session: Session, at_ns: int, event: CamerasChanged) -> Step:
    session = replace(session, cameras=event.cameras, camera=event.chosen, flags=event.flags)
    return session, ()


def choose_camera(session: Session, at_ns: int, intent: intents.ChooseCamera) -> Step:
    """From the next opening on; whoever has it open now opens it anew after this."""
    if intent.camera not in [name for name, _ in session.cameras]:
        return session, ()
    session, kept = setting_changed(session, at_ns, "camera", session.camera, intent.camera)
    preferences = replace(session.preferences, camera=intent.camera)
    effects: tuple[Effect, ...] = (UseCamera(intent.camera), Remember(), *kept)
    return replace(session, preferences=preferences, camera=intent.camera), effects


def setting_changed(
    session: Session, at_ns: int, setting: Literal["camera", "language"], old: str, new: str
) -> Step:
    """Put a choice on record while a run goes on; what was watched until now comes before it."""
    if session.run is None or session.phase in (Phase.SIGNED_OUT, Phase.ENDED) or old == new:
        return session, ()
    session, cut = lessons.cut_segment(session, at_ns)
    fact = facts.SettingChanged(setting=setting, old=old, new=new)
    return session, (*cut, Keep(at_ns, fact))


def set_speech(session: Session, at_ns: int, intent: intents.SetSpeech) -> Step:
    preferences = replace(session.preferences, speech=intent.on)
    return replace(session, preferences=preferences), (Remember(),)


def export(session: Session, at_ns: int, intent: intents.ExportRecords) -> Step:
    return session, (Flush(), Export())


def exported(session: Session, at_ns: int, event: Exported) -> Step:
    return replace(session, notice=Notice("success", key="exported", text=event.path)), ()


def dismiss(session: Session, at_ns: int, intent: intents.DismissNotice) -> Step:
    return replace(session, notice=None), ()
