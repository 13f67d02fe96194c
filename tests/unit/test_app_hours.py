"""What the learner is shown of a lesson's count: the platform's own stretches, each once."""

from app.present_lesson import film_parts, not_counted
from app.texts import film_words
from app.view import FilmPart
from sync.contract import CreditSpan, LessonCredit


def credit(*spans: CreditSpan) -> LessonCredit:
    return LessonCredit(
        lesson="a", duration_s=100, credited_s=40, provisional_s=10, not_counted_s=20,
        resume_s=40, completed=False, spans=spans,
    )  # fmt: skip


def span(start: float, end: float, state: str, reason: str = "") -> CreditSpan:
    return CreditSpan.model_validate(
        {"start_s": start, "end_s": end, "state": state, "reason": reason}
    )


SPANS = (
    span(0, 20, "credited"),
    span(20, 40, "credited"),
    span(40, 50, "provisional", "review"),
    span(50, 60, "not_counted", "check_failed"),
    span(60, 65, "not_counted", "check_failed"),
    span(65, 70, "not_counted", "beyond_clock"),
)


def test_neighbours_that_are_alike_are_one_stretch() -> None:
    assert film_parts(credit(*SPANS)) == (
        FilmPart(0, 40, "credited"),
        FilmPart(40, 50, "provisional", "review"),
        FilmPart(50, 65, "not_counted", "check_failed"),
        FilmPart(65, 70, "not_counted", "beyond_clock"),
    )
    assert [part[2] for part in not_counted(credit(*SPANS))] == ["check_failed", "beyond_clock"]


def test_stretches_of_another_state_or_place_stay_apart() -> None:
    apart = (span(0, 10, "credited"), span(20, 30, "credited"), span(30, 40, "provisional"))
    assert len(film_parts(credit(*apart))) == 3
    assert film_parts(credit()) == ()


def test_the_bar_in_words_says_what_there_is() -> None:
    words = film_words(lambda _, text: text, film_parts(credit(*SPANS)), 100)
    assert words == "实心：已计入 00:40　斜线：等待确认 00:10　交叉：暂未计入 00:20　空白：还没有看"
    whole = film_words(lambda _, text: text, (FilmPart(0, 100, "credited"),), 100)
    assert whole == "实心：已计入 01:40"


def test_a_seam_between_frames_is_no_stretch() -> None:
    """A lesson that is done asked to be watched once more for one frame (seen in the rehearsal)."""
    told = credit(
        span(0, 14.72, "credited"),
        span(14.72, 14.76, "not_counted", "check_failed"),
        span(14.76, 100, "credited"),
    )
    assert film_parts(told) == (FilmPart(0, 100, "credited"),)
    assert not_counted(told) == ()
