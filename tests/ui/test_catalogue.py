"""Every source string is in the catalogue, with an English that is finished and fits."""

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

from app.ui.catalogue import CATALOGUE, collect

HAN = re.compile("[\u4e00-\u9fff]")
FIELD = re.compile(r"\{\w+\}")


def messages(path: Path) -> dict[tuple[str, str], ET.Element]:
    """(context, source) to its translation."""
    found = {}
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314  (our own file)
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            found[name, message.findtext("source", "")] = translation
    return found


def test_the_catalogue_has_exactly_the_strings_of_the_source(tmp_path: Path) -> None:
    fresh = tmp_path / CATALOGUE.name
    shutil.copy(CATALOGUE, fresh)
    collect(fresh)
    assert messages(fresh).keys() == messages(CATALOGUE).keys()


def test_every_string_is_translated() -> None:
    for (context, source), translation in messages(CATALOGUE).items():
        where = f"{context}: {source}"
        assert translation.get("type") is None, where
        assert translation.text, where
        assert not HAN.search(translation.text), where
        assert sorted(FIELD.findall(source)) == sorted(FIELD.findall(translation.text)), where


def test_sources_are_chinese() -> None:
    for _context, source in messages(CATALOGUE):
        assert HAN.search(source) or "。" in source, source
