"""Texts that go into spreadsheets."""

INCOMPLETE = (
    "INCOMPLETE: a part of the store did not answer, sightings may be lacking | "
    "KHÔNG ĐẦY ĐỦ: một phần kho không trả lời, có thể thiếu lượt ghi nhận"
)
"""First line below the header of what may lack sightings: whoever opens the file sees it."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
