"""What became of a list's alerts, in words; pure."""

from collections.abc import Iterator

from search.alerts.numbers import Numbers
from search.plain_text import counted, format_percent


def numbers_in_words(numbers: Numbers) -> Iterator[str]:
    """Lines for an administrator; the first begins with the name of the list."""
    rejected = numbers.rejected
    total, wrong = len(numbers.judged), sum(rejected.values())
    open_ones = total - numbers.confirmed - wrong
    causes = ", ".join(f"{why} {count}" for why, count in sorted(rejected.items()))
    yield (
        f"{numbers.name}: {counted(total, 'alert')}, {numbers.confirmed} confirmed, "
        f"{wrong} rejected{f' ({causes})' if causes else ''}, {open_ones} not judged, "
        f"{numbers.withdrawn} withdrawn"
    )
    if numbers.first_look_s is not None:
        yield f"  looked at after {numbers.first_look_s:.0f} s (half of them sooner)"
    for low, right, judged in numbers.bands():
        if judged:
            yield f"  likelihood {format_percent(low)} and more: {right} of {judged} confirmed"
    if numbers.cries_wolf:
        yield "  it cries wolf: hardly any of its alerts is confirmed"
    if suggested := numbers.suggestion():
        least, spared, lost = suggested
        yield (
            f"  min_likelihood {least:g} would have spared {spared} of {wrong} rejected alerts, "
            f"and lost {lost} of {numbers.confirmed} confirmed ones"
        )
