from xml.etree import ElementTree

from tests.accuracy.calibration import Bin
from tests.accuracy.diagram import reliability_diagram

SVG = "{http://www.w3.org/2000/svg}"


def test_nothing_said_is_an_empty_square() -> None:
    drawn = ElementTree.fromstring(reliability_diagram((), "none"))
    assert drawn.findall(f"{SVG}circle") == []


def test_each_bin_is_a_disc_at_what_was_said_and_right() -> None:
    bins = (Bin(0.0, 0.5, 1, 0.25, 0.5), Bin(0.5, 1.0, 4, 1.0, 1.0))
    drawn = ElementTree.fromstring(reliability_diagram(bins, "two"))
    discs = [(d.get("cx"), d.get("cy"), d.get("r")) for d in drawn.findall(f"{SVG}circle")]
    assert discs == [("128.0", "208.0", "6.0"), ("368.0", "48.0", "12.0")]
    assert drawn.find(f"{SVG}polyline").get("points") == "128.0,208.0 368.0,48.0"
    assert drawn.find(f"{SVG}circle/{SVG}title").text == "1 readings: 0.250 said, 0.500 right"


def test_the_title_is_text_whatever_is_in_it() -> None:
    drawn = ElementTree.fromstring(reliability_diagram((), "a < b & c"))
    assert drawn.find(f"{SVG}text").text == "a < b & c"
