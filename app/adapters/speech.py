"""The computer's own voice, for a check's instructions: Qt's text to speech.

Windows has voices of its own; on Linux Qt needs `libspeechd2` and a running speech
dispatcher with a synthesizer. Where there is none the program goes on silently and says so
at the switch. The engine is made when it is first asked for: SAPI takes its time.
"""

import re

from PySide6.QtCore import QLibrary, QLocale, QObject
from PySide6.QtTextToSpeech import QTextToSpeech

_HAN = re.compile("[\u4e00-\u9fff]")
_SILENT = ("mock", "none")


def real_engines() -> tuple[str, ...]:
    """The engines that can make a sound here: one built for tests is none.

    Qt lists its `speechd` plug-in also where the library is missing that it needs, and
    complains when it is made.
    """
    engines = QTextToSpeech.availableEngines()
    if "speechd" in engines and not QLibrary("speechd", 2).load():
        engines.remove("speechd")
    return tuple(each for each in engines if each not in _SILENT)


class Speaker(QObject):
    """Says one thing at a time, in the language that the words are in.

    engine: one of `QTextToSpeech.availableEngines()`; "" for the best there is.
    """

    def __init__(self, engine: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted = engine
        self._engine: QTextToSpeech | None = None
        self._tried = False

    def available(self, language: str = "") -> bool:
        """Whether there is a voice for `language` ("zh_CN", "en"), or for any.

        An engine that doesn't start is none. The first call may take half a second.
        """
        engine = self._start()
        if engine is None:
            return False
        able = [each.language() for each in engine.availableLocales()]
        return QLocale(language).language() in able if language else bool(able)

    def say(self, text: str) -> None:
        """Say `text` now, in place of what is being said; nothing where there is no voice."""
        engine = self._start()
        if engine is None or not text:
            return
        locale = self._locale_for(engine, text)
        if locale is None:
            return  # a voice of another language would only make noise of it
        if engine.locale() != locale:
            engine.setLocale(locale)
        engine.say(text)

    def stop(self) -> None:
        """Be silent at once."""
        if self._engine is not None:
            self._engine.stop()

    def _start(self) -> QTextToSpeech | None:
        """The engine, made once; None where it can't be had."""
        if self._tried:
            return self._engine
        self._tried = True
        engines = real_engines()
        if self._wanted:
            engines = tuple(
                each for each in QTextToSpeech.availableEngines() if each == self._wanted
            )
        for name in engines:
            engine = QTextToSpeech(name, self)
            if engine.state() != QTextToSpeech.State.Error:
                self._engine = engine
                return engine
            engine.deleteLater()
        return None

    @staticmethod
    def _locale_for(engine: QTextToSpeech, text: str) -> QLocale | None:
        """A voice's locale for the words; one of the mainland before others of Chinese."""
        chinese = bool(_HAN.search(text))
        language = QLocale.Language.Chinese if chinese else QLocale.Language.English
        able = [each for each in engine.availableLocales() if each.language() == language]
        china = [each for each in able if each.territory() == QLocale.Country.China]
        return next(iter(china or able), None)
