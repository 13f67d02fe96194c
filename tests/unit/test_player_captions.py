"""What stands in the picture at a film time."""

from hypothesis import given
from hypothesis import strategies as st

from player.captions import MOST_AT_ONCE, Cue, Track

cues = st.lists(
    st.builds(
        lambda start, length, text: Cue(start, start + length, text),
        st.integers(0, 60),
        st.integers(1, 60),
        st.sampled_from(["戴好安全帽", "系好安全带", "hello", "a\nb"]),
    ),
    max_size=40,
)


def test_nothing_stands_without_cues() -> None:
    assert Track().text_at(0) == ""


def test_a_cue_stands_from_its_start_up_to_its_end() -> None:
    track = Track((Cue(1_000, 2_000, "停"),))
    assert [track.text_at(at) for at in (999, 1_000, 1_999, 2_000)] == ["", "停", "停", ""]


def test_cues_that_overlap_stand_below_each_other_in_their_order() -> None:
    track = Track((Cue(2, 9, "second"), Cue(1, 9, "first"), Cue(2, 3, "third")))
    assert track.text_at(2) == "first\nsecond\nthird"
    assert track.text_at(3) == "first\nsecond"


@given(cues, st.integers(-5, 130))
def test_the_tree_finds_what_a_look_at_every_cue_finds(given_cues: list[Cue], at_us: int) -> None:
    in_order = sorted(given_cues, key=lambda cue: cue.start_us)
    standing = [cue.text for cue in in_order if cue.start_us <= at_us < cue.end_us]
    plainly = "\n".join(standing[:MOST_AT_ONCE])
    assert Track(tuple(given_cues)).text_at(at_us) == plainly


def test_a_cue_that_stands_all_along_does_not_make_the_search_long() -> None:
    """Counted, not timed: how many cues are looked at, with 10,000 of them after a title."""
    asked = 0

    class Ends(tuple[int, ...]):
        __slots__ = ()

        def __getitem__(self, place: int) -> int:  # type: ignore[override]
            nonlocal asked
            asked += 1
            return super().__getitem__(place)

    track = Track((Cue(0, 10**9, "title"), *(Cue(n, n + 1, str(n)) for n in range(1, 10_000))))
    object.__setattr__(track, "_latest", Ends(track._latest))
    assert track.text_at(9_500) == "title\n9500"
    assert asked < 100
