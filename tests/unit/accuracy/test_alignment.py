import pytest

from tests.accuracy.alignment import Pair, align, edits


@pytest.mark.parametrize(
    ("right", "read", "pairs"),
    [
        ("", "", ()),
        ("A1", "A1", (("A", "A"), ("1", "1"))),
        ("A1", "41", (("A", "4"), ("1", "1"))),
        ("A12", "A2", (("A", "A"), ("1", ""), ("2", "2"))),
        ("A2", "A12", (("A", "A"), ("", "1"), ("2", "2"))),
        ("AB", "", (("A", ""), ("B", ""))),
        ("", "7", (("", "7"),)),
    ],
)
def test_characters_stand_beside_what_was_read_for_them(
    right: str, read: str, pairs: tuple[Pair, ...]
) -> None:
    assert align(right, read) == pairs


def test_of_two_equal_characters_the_last_one_was_read() -> None:
    assert align("11", "1") == (("1", ""), ("1", "1"))


@pytest.mark.parametrize(
    ("right", "read", "count"),
    [("", "", 0), ("30A12345", "30A12345", 0), ("30A12345", "3OA1345", 2), ("AB", "", 2)],
)
def test_edits_are_the_fewest_changes(right: str, read: str, count: int) -> None:
    assert edits(right, read) == count
