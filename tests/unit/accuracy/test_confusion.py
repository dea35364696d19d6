import numpy as np

from tests.accuracy.confusion import (
    CHARACTERS,
    Confusion,
    confusion_fields,
    count_confusions,
    most_frequent,
)


def test_nothing_read_is_nothing_confused() -> None:
    none = count_confusions([])
    assert (none.plates, none.misread, none.unread, none.table.sum()) == (0, 0, 0, 0)
    assert most_frequent(none, 5) == []


def test_each_character_is_counted_where_it_was_read() -> None:
    counted = count_confusions([("AB", "AB"), ("AB", "A8"), ("AB", "A"), ("AB", "AXB"), ("AB", "")])
    a, b, eight, x = (CHARACTERS.index(c) for c in "AB8X")
    expected = np.zeros((37, 37), np.int64)
    expected[a, a], expected[b, b], expected[b, eight] = 4, 2, 1
    expected[b, 36], expected[36, x] = 1, 1
    assert np.array_equal(counted.table, expected)
    assert (counted.plates, counted.misread, counted.unread) == (5, 4, 1)


def test_the_most_frequent_confusions_come_first_with_their_share() -> None:
    counted = count_confusions([("B1", "81"), ("B1", "81"), ("B1", "B"), ("B1", "BX1")])
    assert most_frequent(counted, 3) == [
        Confusion("B", "8", 2, 0.5),
        Confusion("1", "", 1, 0.25),
        Confusion("", "X", 1, 1 / 9),
    ]
    assert len(most_frequent(counted, 1)) == 1


def test_the_object_sums_sources_and_keeps_apart_how_much_was_misread() -> None:
    sources = {
        "rendered": count_confusions([("B", "8"), ("B", "B"), ("B", "B"), ("B", "")]),
        "photographs": count_confusions([("B", "8")]),
    }
    fields = confusion_fields("a reader", {2: {}, 1: sources})
    assert (fields["model"], fields["characters"]) == ("a reader", CHARACTERS)
    one, two = fields["rows"]["1"], fields["rows"]["2"]
    assert one["plates"] == {"rendered": 4, "photographs": 1}
    assert one["misread"] == {"rendered": 0.5, "photographs": 1.0}
    assert one["unread"] == {"rendered": 0.25, "photographs": 0.0}
    b, eight = CHARACTERS.index("B"), CHARACTERS.index("8")
    assert (one["counts"][b][b], one["counts"][b][eight]) == (2, 2)
    assert (sum(map(sum, one["counts"])), sum(one["deleted"]), sum(one["inserted"])) == (4, 0, 0)
    assert [len(one[name]) for name in ("counts", "deleted", "inserted")] == [36, 36, 36]
    assert sum(map(sum, two["counts"])) == 0
