"""The computer's voice, with Qt's own engine for tests: it speaks English and no Chinese."""

import pytest
from PySide6.QtTextToSpeech import QTextToSpeech
from pytestqt.qtbot import QtBot

from app.adapters.speech import Speaker, real_engines


@pytest.fixture
def speaker(qtbot: QtBot) -> Speaker:
    return Speaker("mock")


def engine_of(speaker: Speaker) -> QTextToSpeech:
    engine = speaker.findChild(QTextToSpeech)
    assert engine is not None
    return engine


def test_says_what_it_is_told_with_a_voice_of_the_words_language(
    speaker: Speaker, qtbot: QtBot
) -> None:
    assert speaker.available()
    assert speaker.available("en")
    engine = engine_of(speaker)
    with qtbot.waitSignal(engine.sayingWord, timeout=3000) as heard:
        speaker.say("Please blink twice")
    assert heard.args[0] in "Please blink twice"
    assert engine.state() == QTextToSpeech.State.Speaking
    assert engine.locale().name().startswith("en")
    speaker.stop()
    assert engine.state() == QTextToSpeech.State.Ready


def test_a_language_without_a_voice_stays_unsaid(speaker: Speaker) -> None:
    assert not speaker.available("zh_CN")
    speaker.say("请眨两下眼睛")
    assert engine_of(speaker).state() == QTextToSpeech.State.Ready


def test_the_newest_words_come_in_place_of_the_old(speaker: Speaker) -> None:
    speaker.say("Please blink twice")
    speaker.say("Check passed")
    engine = engine_of(speaker)
    assert engine.state() == QTextToSpeech.State.Speaking
    speaker.say("")
    assert engine.state() == QTextToSpeech.State.Speaking  # nothing new: it goes on


def test_without_an_engine_it_is_silent_and_says_so(qtbot: QtBot) -> None:
    speaker = Speaker("no such engine")
    assert not speaker.available()
    assert not speaker.available("en")
    speaker.say("Please blink twice")
    speaker.stop()


def test_the_engine_for_tests_is_no_voice(qtbot: QtBot) -> None:
    assert "mock" not in real_engines()
