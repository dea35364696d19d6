from search.confusing import any_reader
from search.misreadings import likeliest_misreadings, near_texts


def test_near_texts_have_one_character_misread_dropped_or_doubled() -> None:
    near = near_texts("30A1")
    assert {"80A1", "3OA1", "30A7", "0A1", "30A", "330A1", "30A11"} <= near
    assert near.isdisjoint({"30A1", "38B1", "A1", "30A12"})
    assert len(near) == 4 * 35 + 4 + 4


def test_the_likeliest_misreadings_come_first_and_are_not_the_plate() -> None:
    texts = likeliest_misreadings("30A12345", any_reader(), 5000)
    assert "30A12345" not in texts
    assert list(texts.values()) == sorted(texts.values(), reverse=True)
    assert {"38A12345", "30A1234", "0A12345", "A12345", "88A12345", "30A1345", "3012345"} <= set(
        texts
    )
    assert texts["30A12845"] > texts["30A12745"]
    assert set(list(texts)[:100]) == set(likeliest_misreadings("30A12345", any_reader(), 100))


def test_more_is_cut_off_at_either_edge_than_dropped_inside() -> None:
    texts = likeliest_misreadings("30A12345", any_reader(), 6000)
    assert texts["2345"] == texts["30A1"] > -15
    assert "35" not in texts
