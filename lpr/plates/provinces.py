"""Province codes, as 51/2025/TT-BCA lists them; all codes from before the merger are kept."""

import json
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Province:
    """Whose code it is.

    Attributes:
        code: two digits.
        before: name among the 63 provinces, until June 2025.
        name: name among the 34 provinces, since July 2025.
    """

    code: str
    before: str
    name: str


def _load() -> dict[str, Province]:
    text = files("lpr.plates").joinpath("provinces.json").read_text("utf-8")
    return {code: Province(code, *names) for code, names in json.loads(text).items()}


PROVINCES = _load()
HANOI = ("29", "30", "31", "32", "33", "40")


def province_of(code: str) -> Province | None:
    """The province of a two-digit code, None if the code is not in use."""
    return PROVINCES.get(code)
