"""What every event of the film does to the open lesson: watched, measured, counted, recorded."""

from __future__ import annotations

from dataclasses import replace

from app.effects import Keep
from app.state import Session, Study
from player import quality, smoothness
from player.timeline import Segment, TimelineEvent, step
from sync import facts


def length_us(segment: Segment) -> int:
    return segment.end_us - segment.start_us


def advance(study: Study, event: TimelineEvent) -> tuple[Study, list[Keep]]:
    """Every event of the film goes through here: into what was watched, and what the line says."""
    timeline, segments = step(study.timeline, event)
    smooth = smoothness.step(study.smooth, event)
    study = replace(study, timeline=timeline, smooth=smooth)
    if study.quality is not None:
        follow, ask = quality.step(study.quality, event)
        study = replace(study, quality=follow, ask=ask or study.ask)
    return write(study, segments, event.at_ns)


def write(study: Study, segments: list[Segment], at_ns: int) -> tuple[Study, list[Keep]]:
    kept = []
    for segment in segments:
        if segment.ended_ns <= segment.began_ns:
            continue
        if segment.rate == 1.0:  # at another pace only what is counted is watched again
            study = replace(
                study,
                seen=study.seen.add(segment.start_us, segment.end_us),
                watched=study.watched.add(segment.start_us, segment.end_us),
            )
        kept.append(Keep(at_ns, watched_fact(study, segment)))
    return study, kept


def watched_fact(study: Study, segment: Segment) -> facts.Watched:
    return facts.Watched(
        lesson=study.lesson.id,
        start_us=segment.start_us,
        end_us=segment.end_us,
        began_ns=segment.began_ns,
        ended_ns=segment.ended_ns,
        mode=segment.mode.value,
        rate=segment.rate,
    )


def count(session: Session, study: Study, kept: list[Keep]) -> Session:
    """Take over the study, and count what was watched towards the next check."""
    lengths = (
        keep.fact.end_us - keep.fact.start_us
        for keep in kept
        if isinstance(keep.fact, facts.Watched) and keep.fact.rate == 1.0
    )
    return replace(session, study=study, since_us=session.since_us + sum(lengths))


def told_quality(study: Study, at_ns: int) -> tuple[Study, list[Keep]]:
    """Write down how this stretch looked and sounded, and begin the next."""
    figures = smoothness.figures(study.smooth)
    study = replace(study, smooth=smoothness.reset(study.smooth))
    if not figures.shown and not figures.stalls:
        return study, []
    fact = facts.PictureQuality(
        lesson=study.lesson.id,
        mode=study.mode.value,
        frames=figures.shown,
        dropped=figures.dropped,
        late=figures.late,
        stalls=figures.stalls,
        stalled_ms=figures.stalled_ms,
        unseen_ms=figures.unseen_ms,
        sound=figures.sound,
        sound_offset_ms=figures.sound_offset_worst_ms,
        bits_per_second=figures.bits_per_second or 0,
    )
    return study, [Keep(at_ns, fact)]
