"""Tests after a lesson: time, attempts, marks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.contract import Paper, PaperResult
from tests.contract.learner import Run, good, problem
from tests.contract.local import Local, local_platform, policy


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    with local_platform(tmp_path, presets=policy(test_attempts=2)) as local:
        yield local


def draw(run: Run) -> Paper:
    return good(run.post("/papers", {"lesson": "first"}), Paper)


def hand_in(run: Run, paper: Paper, *, mistakes: int = 0) -> PaperResult:
    answers = {}
    for place, question in enumerate(paper.questions):
        right = [0, 2] if question.kind == "multiple" else [0]
        answers[question.id] = [1] if place < mistakes else right
    return good(run.post(f"/papers/{paper.id}/answers", {"answers": answers}), PaperResult)


def test_all_right_passes(local: Local) -> None:
    run = local.sign_in()
    result = hand_in(run, draw(run))
    assert (result.score, result.passed, result.wrong) == (100, True, ())


def test_four_of_five_are_enough_and_three_are_not(local: Local) -> None:
    run = local.sign_in()
    first = hand_in(run, draw(run), mistakes=1)
    assert (first.score, first.passed, first.attempts_left) == (80, True, 1)
    second = hand_in(run, draw(run), mistakes=2)
    assert (second.score, second.passed, second.attempts_left) == (60, False, 0)
    problem(run.post("/papers", {"lesson": "first"}), 409, "closed")


def test_part_of_the_keys_is_wrong(local: Local) -> None:
    run = local.sign_in()
    paper = draw(run)
    answers = {question.id: [0] for question in paper.questions}
    result = good(run.post(f"/papers/{paper.id}/answers", {"answers": answers}), PaperResult)
    several = {question.id for question in paper.questions if question.kind == "multiple"}
    assert set(result.wrong) == several


def test_answers_that_come_late_are_worth_nothing(local: Local) -> None:
    run = local.sign_in()
    paper = draw(run)
    local.clock.advance(paper.seconds_per_question * len(paper.questions) + 31)
    assert hand_in(run, paper).score == 0


def test_a_paper_that_was_left_lying_is_an_attempt(local: Local) -> None:
    run = local.sign_in()
    first = draw(run)
    local.clock.advance(10)
    assert draw(run).id == first.id
    local.clock.advance(3600)
    second = draw(run)
    assert (second.id == first.id, second.attempts_left) == (False, 1)
    answers: dict[str, list[int]] = {question.id: [0] for question in first.questions}
    problem(run.post(f"/papers/{first.id}/answers", {"answers": answers}), 409, "closed")
