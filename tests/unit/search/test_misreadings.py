from search.misreadings import near_texts


def test_near_texts_have_one_character_misread_dropped_or_doubled() -> None:
    near = near_texts("30A1")
    assert {"80A1", "3OA1", "30A7", "0A1", "30A", "330A1", "30A11"} <= near
    assert near.isdisjoint({"30A1", "38B1", "A1", "30A12"})
    assert len(near) == 4 * 35 + 4 + 4
