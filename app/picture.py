"""Picture, sound and pace of the open lesson, and what is measured of them.

Handlers of `app.session.TABLE`. The learner chooses the mode; within it the program steps down
by itself when the line can't carry it (`player.quality`). Nothing here moves the film.
"""

from __future__ import annotations

from dataclasses import replace

from app import intents
from app.effects import ChangeMode, ChangeRate, ChangeVolume, Effect, Keep, Remember, WarmFilm
from app.events import ExtrasLoaded, Recalled
from app.lessons import allowed_mode, halt
from app.state import Session, Step, Study, need_run, need_study, with_study
from app.view import Notice
from app.watching import advance, count
from player import quality, smoothness
from player.events import (
    LineMeasured,
    ModeChanged,
    ModeKept,
    SoundMeasured,
    Unseen,
)
from player.timeline import Playing
from sync import facts

RATES = (1.0, 1.25, 1.5, 2.0)


def set_mode(session: Session, at_ns: int, intent: intents.SetMode) -> Step:
    """The learner's choice; one above the policy's cap is not offered, and not obeyed either."""
    study = need_study(session)
    preferences = replace(session.preferences, mode=intent.mode)
    chosen = replace(session, preferences=preferences)
    if allowed_mode(chosen, study.lesson) is not intent.mode:
        return session, ()
    if study.quality is not None:
        line, _ = quality.step(study.quality, quality.Chosen(at_ns, intent.mode))
        study = replace(study, quality=line, ask=None)
    if intent.mode is study.mode and study.wanted is None:
        return with_study(chosen, replace(study, automatic=False)), (Remember(),)
    study = replace(study, wanted=intent.mode, automatic=False)
    return with_study(chosen, study), (ChangeMode(intent.mode), Remember())


def ask_for_mode(session: Session) -> Step:
    """The line can't carry the mode, or can again: ask the player for what `quality` wants."""
    study = session.study
    if study is None or study.ask is None:
        return session, ()
    mode = study.ask
    wanted = None if mode is study.mode else mode
    study = replace(study, ask=None, wanted=wanted, automatic=True)
    return with_study(session, study), (ChangeMode(mode),)


def mode_changed(session: Session, at_ns: int, event: ModeChanged) -> Step:
    study, kept = advance(need_study(session), event)
    automatic = study.automatic and study.wanted is event.new
    fact = facts.ModeSwitched(
        lesson=study.lesson.id,
        position_us=study.position_us,
        old=event.old.value,
        new=event.new.value,
        gap_us=event.gap_us,
        automatic=automatic,
    )
    wanted = None if study.wanted is event.new else study.wanted
    study = replace(study, mode=event.new, wanted=wanted, automatic=study.automatic and not wanted)
    session = count(session, study, kept)
    if automatic:
        whole = allowed_mode(session, study.lesson) is event.new
        session = replace(
            session, notice=Notice("info", key="mode_restored" if whole else "mode_changed")
        )
    return session, (*kept, Keep(at_ns, fact))


def mode_kept(session: Session, at_ns: int, event: ModeKept) -> Step:
    """The other picture could not be had; the film goes on as it was."""
    study, kept = advance(need_study(session), event)
    return count(session, replace(study, wanted=None, automatic=False), kept), tuple(kept)


def set_volume(session: Session, at_ns: int, intent: intents.SetVolume) -> Step:
    preferences = replace(session.preferences, volume=intent.volume, muted=intent.muted)
    session = replace(session, preferences=preferences)
    study = need_study(session)
    muted = smoothness.Muted(at_ns, intent.muted or intent.volume == 0)
    session = with_study(session, replace(study, smooth=smoothness.step(study.smooth, muted)))
    return session, (ChangeVolume(intent.volume, intent.muted), Remember())


def rates(session: Session, study: Study) -> tuple[float, ...]:
    """The paces on offer: none but the film's own until all of it was watched and counted (R16).

    What was watched and then not counted has to be watched again, and at a pace it never counts.
    """
    counted = session.credit.get(study.lesson.id, study.lesson.credit).completed
    if session.run is None or not counted or not study.seen.is_complete(study.duration_us):
        return ()
    return tuple(rate for rate in RATES if rate <= need_run(session).policy.rewatch_rate)


def set_rate(session: Session, at_ns: int, intent: intents.SetRate) -> Step:
    study = need_study(session)
    if intent.rate not in rates(session, study) or intent.rate == study.rate:
        return session, ()
    study = replace(study, rate=intent.rate)
    kept: list[Keep] = []
    if study.timeline.playing:
        study, kept = advance(study, Playing(at_ns, intent.rate))
    return count(session, study, kept), (*kept, ChangeRate(intent.rate))


def set_captions(session: Session, at_ns: int, intent: intents.SetCaptions) -> Step:
    preferences = replace(session.preferences, captions=intent.language, caption_size=intent.size)
    return replace(session, preferences=preferences), (Remember(),)


def recalled(session: Session, at_ns: int, event: Recalled) -> Step:
    """Who signed in on this PC before finds picture, sound and captions as they were."""
    preferences = replace(
        session.preferences,
        mode=event.mode,
        volume=event.volume,
        muted=event.muted,
        captions=event.captions,
        caption_size=event.caption_size,
        speech=event.speech,
    )
    return replace(session, preferences=preferences), ()


def extras_loaded(session: Session, at_ns: int, event: ExtrasLoaded) -> Step:
    study = need_study(session)
    if event.lesson != study.lesson.id:
        return session, ()
    study = replace(study, captions=event.captions, thumbnails=event.thumbnails)
    return with_study(session, study), ()


def sound_measured(session: Session, at_ns: int, event: SoundMeasured) -> Step:
    study, kept = advance(need_study(session), event)
    return count(session, replace(study, sound_device=event.device), kept), tuple(kept)


def unseen(session: Session, at_ns: int, event: Unseen) -> Step:
    """Frames run and none reaches the screen: nobody can be watching."""
    study, kept = advance(need_study(session), event)
    session, effects = halt(count(session, study, kept), at_ns, "covered")
    return session, (*kept, *effects)


def line_measured(session: Session, at_ns: int, event: LineMeasured) -> Step:
    """What the line brought: say when nothing is kept, and look after the next lesson."""
    study, kept = advance(need_study(session), event)
    session = replace(session, line_bps=event.bits_per_second or session.line_bps)
    study = replace(study, line=event)
    effects: tuple[Effect, ...] = ()
    if not event.kept and not study.not_kept:
        study = replace(study, not_kept=True)
        session = replace(session, notice=Notice("attention", key="not_kept"))
    if event.whole and not study.warmed:
        study, effects = _warm_next(session, replace(study, warmed=True))
    return count(session, study, kept), (*kept, *effects)


def _warm_next(session: Session, study: Study) -> tuple[Study, tuple[Effect, ...]]:
    """The line is free: what comes after this film in the course may be fetched now."""
    lessons = study.course.lessons
    place = next((n for n, each in enumerate(lessons) if each.id == study.lesson.id), len(lessons))
    for following in lessons[place + 1 :]:
        credit = session.credit.get(following.id, following.credit)
        if not credit.completed:
            return study, (WarmFilm(following, allowed_mode(session, following)),)
    return study, ()
