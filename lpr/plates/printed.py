"""How a plate is printed, for people and for drawing."""

from lpr.plates.grammar import PlateKind, PlateShape, parse_plate


def printed_form(text: str, rows: int | None = None) -> str:
    """The plate on one line: `30A-123.45`, `29-AA 123.45`, `80-441-NG-02`.

    Args:
        text: normal form.
        rows: how many rows were seen, where it is known; a text that can be a car's or an old
            motorcycle's (`30A12345`) is printed as a car's.

    Returns:
        The printed form; the text itself if it cannot be a Vietnamese plate.
    """
    shape = _likeliest(text, rows)
    if shape is None:
        return text
    number, series = _dotted(shape.number), _barred(shape.series)
    code = shape.province.code if shape.province else ""
    match shape.kind:
        case PlateKind.CAR | PlateKind.CAR_OLD | PlateKind.SPECIAL:
            return f"{code}{series}-{number}"
        case PlateKind.TEMPORARY:
            return f"{series}{code}-{number}"
        case PlateKind.DIPLOMATIC if text[2].isalpha():
            return f"{code}-{series}-{shape.country}-{shape.number}"
        case PlateKind.DIPLOMATIC:
            return f"{code}-{shape.country}-{series}-{shape.number}"
        case PlateKind.MILITARY:
            return f"{series}-{shape.number[:2]}-{shape.number[2:]}"
        case _:
            return f"{code}-{series} {number}"


def printed_rows(text: str, rows: int) -> tuple[str, ...]:
    """The plate as its one or two rows: `("30A", "123.45")`.

    Args:
        text: normal form.
        rows: 1 or 2.

    Returns:
        The rows; a text that cannot be a Vietnamese plate is halved.
    """
    line = printed_form(text, rows)
    if rows == 1:
        return (line,)
    shape = _likeliest(text, rows)
    if shape is None:
        return (line[: len(line) // 2], line[len(line) // 2 :])
    if shape.kind is PlateKind.DIPLOMATIC:
        parts = line.split("-")
        return ("-".join(parts[:2]), "-".join(parts[2:]))
    if shape.kind is PlateKind.MILITARY:
        return (shape.series, line[len(shape.series) + 1 :])
    upper, _, lower = line.replace(" ", "-").rpartition("-")
    return (upper, lower)


def _likeliest(text: str, rows: int | None) -> PlateShape | None:
    shapes = parse_plate(text)
    special = [s for s in shapes if s.kind is PlateKind.SPECIAL and rows != 2]
    fitting = [s for s in shapes if rows is None or rows in s.rows]
    return next(iter([*special, *fitting, *shapes]), None)


def _dotted(number: str) -> str:
    return f"{number[:3]}.{number[3:]}" if len(number) >= 5 else number


def _barred(series: str) -> str:
    """Đ where the law has it: in MĐ and TĐ."""
    return series.replace("MD", "MĐ").replace("TD", "TĐ")
