"""Caption files, good, odd and hostile."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from player.adapters.webvtt import MAX_BYTES, MAX_TEXT, parse
from player.captions import Cue, Track

EVERYTHING = """\
WEBVTT 高处作业
X-TIMESTAMP-MAP=LOCAL:00:00:00.000

NOTE
made by hand -- not to be shown

STYLE
::cue { color: yellow }

REGION
id:fred width:40%

title
00:01.000 --> 00:02.500 line:0 position:20% align:start
<v 王工>戴好<b>安全帽</b></v>，<i>系好</i><c.loud>安全带</c> <00:01.900>再上去

01:00:00.000 --> 01:00:01.000
a &lt;b&gt; &amp; c&nbsp;d
- second line
"""


def only(text: str) -> str:
    """The text of the file's only cue."""
    (cue,) = parse(f"WEBVTT\n\n00:00.000 --> 00:01.000\n{text}\n".encode()).cues
    return cue.text


def test_a_file_with_everything_in_it() -> None:
    assert parse(EVERYTHING.encode()) == Track(
        (
            Cue(1_000_000, 2_500_000, "戴好安全帽，系好安全带 再上去"),
            Cue(3_600_000_000, 3_601_000_000, "a <b> & c d\n- second line"),
        )
    )


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_every_line_end_with_and_without_a_byte_order_mark(line_end: str, mark: bytes) -> None:
    data = mark + EVERYTHING.replace("\n", line_end).encode()
    assert parse(data) == parse(EVERYTHING.encode())


@pytest.mark.parametrize(
    "broken",
    [
        "00:00:xx.000 --> 00:00:05.000\nno time",
        "00:05.000 -> 00:06.000\nno arrow",
        "00:05.000 --> 00:04.000\nends before it begins",
        "00:05.000 --> 00:05.000\nstands for no time",
        "00:99.000 --> 02:00.000\nno such second",
        "00:05.000 --> 00:06.000",
        "00:05.000 --> 00:06.000\n<b></b>",
        "just an identifier",
    ],
)
def test_a_broken_cue_costs_only_itself(broken: str) -> None:
    text = (
        f"WEBVTT\n\n00:01.000 --> 00:02.000\nbefore\n\n{broken}\n\n00:10.000 --> 00:11.000\nafter"
    )
    assert [cue.text for cue in parse(text.encode()).cues] == ["before", "after"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"1\n00:00:01,000 --> 00:00:02,000\nSubRip\n",
        b"WEBVTTed\n",
        b"<html>sign in to the hotel's network</html>",
        "WEBVTT\n".encode("utf-16"),
        b"\x00\x01\x02",
    ],
)
def test_another_kind_of_file_is_said_to_be_one(data: bytes) -> None:
    with pytest.raises(ValueError, match="do not begin with WEBVTT"):
        parse(data)


def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(ValueError, match="bytes"):
        parse(b"WEBVTT\n" + b"\n" * MAX_BYTES)


def test_what_cannot_be_shown_is_taken_out() -> None:
    assert only("a\x07b\x1b[31mc d&#x7f;") == "ab[31mc d"
    broken = parse(b"WEBVTT\n\n00:00.000 --> 00:01.000\nbroken \xff\n")
    assert broken.cues[0].text == "broken \ufffd"


def test_a_cue_that_would_fill_the_screen_is_cut() -> None:
    assert only("安" * 5_000) == "安" * (MAX_TEXT - 1) + "…"


def test_a_bracket_that_is_no_tag_stays() -> None:
    assert only("3 < 5") == "3 < 5"


@pytest.mark.parametrize(
    "nasty",
    [
        b"<" * 900_000,
        b"&" * 900_000,
        b" " * 900_000 + b"-->",
        b"1:" * 450_000,
        b"00:00.000 --> 00:01.000\n" * 37_000,
        b"00:00.000 --> 99:59.000\nx\n\n" * 33_000,
    ],
    ids=["tags", "entities", "spaces", "digits", "timings", "all at once"],
)
def test_a_hostile_file_is_read_in_bounded_time(nasty: bytes) -> None:
    began = time.process_time()
    parse(b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + nasty)
    assert time.process_time() - began < 5


pieces = st.sampled_from(
    ["WEBVTT", "\n", "\n\n", "\r\n", "-->", " --> ", "00:01.000", "1:00:02.5",
     "99999999999:00:00.0", "<", ">", "<v ", "</b>", "<00:01.000>", "&",
     "&lt;", "&#x110000;", "NOTE ", "STYLE\n", "REGION\n",
     "id:a", "line:-1", "position:200%", "\x00", "\ufeff", "\u2028", "安全", "٣٣:٣٣.٣٣٣"]
)  # fmt: skip


@given(
    st.one_of(
        st.binary(max_size=300), st.lists(pieces, max_size=60).map(lambda p: "".join(p).encode())
    )
)
@example(b"WEBVTT\n\n9999999999999:00:00.000 --> 9999999999999:00:01.000\nlate\n")
def test_whatever_comes_is_a_track_or_a_value_error(data: bytes) -> None:
    for file in (data, b"WEBVTT\n\n" + data):
        try:
            track = parse(file)
        except ValueError:
            assert file is data or len(file) > MAX_BYTES
            continue
        for cue in track.cues:
            assert 0 <= cue.start_us < cue.end_us
            assert cue.text.strip("\n") == cue.text != ""
            assert track.text_at(cue.start_us)
