"""The language of the window, changed while it runs.

Source strings are Chinese, so Chinese needs no catalogue of ours; Qt's own dialogs get
`qtbase`. Installing a translator makes Qt send `LanguageChange` to every widget, and the
window renders its words anew.
"""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

Language = Literal["zh_CN", "en"]

CATALOGUES = Path(__file__).resolve().parents[2] / "resources" / "i18n"


def translate(context: str, source: str) -> str:
    """The words of `source` in the language that is in use; found by lupdate by this name."""
    return QCoreApplication.translate(context, source)


def current() -> Language:
    """The language in use."""
    return _in_use[0]


def pick(chinese: str, english: str) -> str:
    """The title to show of a course that has two."""
    return english if english and current() == "en" else chinese


def use(language: Language) -> None:
    """Change the program's language; does nothing when it is in use already."""
    if language == _in_use[0] and _translators:
        return
    _in_use[0] = language
    QLocale.setDefault(QLocale(language))
    while _translators:
        QCoreApplication.removeTranslator(_translators.pop())
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    # Qt looks at the newest translator first: ours goes last.
    for name, folder in ((f"qtbase_{language}", qt), (f"anxue_{language}", str(CATALOGUES))):
        translator = QTranslator()
        if translator.load(name, folder):
            QCoreApplication.installTranslator(translator)
            _translators.append(translator)


# One program has one language; Qt keeps its translators in one list just so.
_in_use: list[Language] = ["zh_CN"]
_translators: list[QTranslator] = []
