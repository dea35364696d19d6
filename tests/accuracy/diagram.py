"""The reliability diagram, as SVG; pure."""

from collections.abc import Sequence
from html import escape

from tests.accuracy.calibration import Bin

SIDE, EDGE = 320, 48  # of the square from 0 to 1 and of the space around it, in SVG units
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
LARGEST = 12  # radius of the bin with the most outcomes; areas are as the counts


def reliability_diagram(bins: Sequence[Bin], title: str) -> str:
    """Draw what was said against what was right.

    Args:
        bins: each a disc at its mean probability and its share of right ones.
        title: above the square.

    Returns:
        An SVG document that refers to nothing outside.
    """
    size = SIDE + 2 * EDGE
    drawn = [*_square(title), *(part for tick in TICKS for part in _tick(tick)), *_discs(bins)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" '
        f'height="{size}" font-family="sans-serif" font-size="11">\n'
        + "".join(f"  {part}\n" for part in drawn)
        + "</svg>\n"
    )


def _x(value: float) -> str:
    return f"{EDGE + SIDE * value:.1f}"


def _y(value: float) -> str:
    return f"{EDGE + SIDE * (1 - value):.1f}"


def _square(title: str) -> list[str]:
    middle, low = EDGE + SIDE / 2, EDGE + SIDE
    return [
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{middle}" y="24" text-anchor="middle" font-size="13">{escape(title)}</text>',
        f'<rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>',
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#888" '
        'stroke-dasharray="4 4"/>',
        f'<text x="{middle}" y="{low + 36}" text-anchor="middle">score</text>',
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">'
        "share read right</text>",
    ]


def _tick(value: float) -> list[str]:
    low = EDGE + SIDE
    return [
        f'<text x="{_x(value)}" y="{low + 18}" text-anchor="middle">{value:.1f}</text>',
        f'<text x="{EDGE - 8}" y="{_y(value)}" dy="4" text-anchor="end">{value:.1f}</text>',
    ]


def _discs(bins: Sequence[Bin]) -> list[str]:
    most = max((one.count for one in bins), default=1)
    places = [(_x(one.said), _y(one.right)) for one in bins]
    line = " ".join(f"{x},{y}" for x, y in places)
    discs = [
        f'<circle cx="{x}" cy="{y}" r="{max(2.0, LARGEST * (one.count / most) ** 0.5):.1f}" '
        f'fill="#1f6feb" fill-opacity="0.7"><title>{one.count} readings: {one.said:.3f} said, '
        f"{one.right:.3f} right</title></circle>"
        for one, (x, y) in zip(bins, places, strict=True)
    ]
    return [f'<polyline points="{line}" fill="none" stroke="#1f6feb"/>', *discs]
