"""What came of trying a camera, in words and as JSON. Pure."""

from statistics import median
from typing import Any

from lpr.watch.clocks import BELIEVED_S
from lpr.watch.newest_stills import STILLS
from lpr.watch.trying import Trial

SMALL_PX = 20.0  # plates that are lower are read less surely
BLURRED = 40.0  # sharpness; a rendered street has 340, out of focus by two of 1920 pixels 25
DARK = 0.85


def lines_of(trial: Trial) -> list[str]:
    """For people: what was found, and what to do about it."""
    if trial.told is None:
        return [f"does not open: {trial.message}"]
    told = trial.told
    rate = f"{told.fps:.3g}" if told.fps else "?"
    came = f"{trial.fps:.1f}" if trial.fps else "no"
    by = ", decoded by hardware" if told.is_hardware else ""
    lines = [
        f"opens: {trial.shown}",
        f"video: {told.codec}, {told.width}x{told.height}{by}",
        f"frames a second: {rate} told, {came} came (in {trial.seconds:.0f} s)",
        f"damaged {'stills' if told.codec == STILLS else 'packets'}: {trial.damaged}",
        *_seen_lines(trial),
        _clock_line(trial),
    ]
    return lines + [f"advice: {one}" for one in advice_of(trial)]


def _seen_lines(trial: Trial) -> list[str]:
    if not trial.looks:
        return ["no picture came"]
    heights, read = trial.heights, trial.read
    lines = [
        f"sharpness: {trial.sharpness:.0f}; darkness: {trial.darkness:.2f} (0 white, 1 black)",
        f"plates: seen {len(heights)} times in {len(trial.looks)} frames",
    ]
    if heights:
        low, middle, high = heights[0], median(heights), heights[-1]
        lines.append(f"plate height: {low:.0f} to {high:.0f} pixels, {middle:.0f} in the middle")
        lines.append(f"plates read: {len(read)}{_surely(read)}")
    return lines


def _surely(read: dict[str, float]) -> str:
    if not read:
        return ""
    texts = ", ".join(f"{text} ({score:.2f})" for text, score in sorted(read.items()))
    return f": {texts}; probability in the middle {median(read.values()):.2f}"


def _clock_line(trial: Trial) -> str:
    offset = trial.clock_offset_s
    if trial.clock == "file":
        return "clock: that of the file"
    if offset is None:
        return "clock: the camera does not tell its time; the time of arrival counts"
    side = "behind" if offset >= 0 else "ahead of"
    return f"clock: {abs(offset):.2f} s {side} this machine's, the way here in it"


def advice_of(trial: Trial) -> list[str]:
    """What could be better, in words of what to do."""
    advice: list[str] = []
    heights = trial.heights
    if trial.message:
        advice.append(f"it broke off: {trial.message}")
    if trial.looks and not heights:
        advice.append("no plate was seen: let a vehicle pass, or turn the camera to the lane")
    if heights and median(heights) < SMALL_PX:
        advice.append(f"plates are below {SMALL_PX:.0f} pixels: zoom in or go nearer")
    if trial.sharpness is not None and trial.sharpness < BLURRED:
        advice.append("the picture is blurred: focus, and clean the glass")
    if trial.darkness is not None and trial.darkness > DARK:
        advice.append("the picture is dark: add light, or open the exposure")
    if trial.clock_offset_s is not None and abs(trial.clock_offset_s) > BELIEVED_S:
        advice.append("its clock is wrong and is not used: set its time server (NTP)")
    if trial.told and trial.told.fps and trial.fps and trial.fps < 0.8 * trial.told.fps:
        advice.append("frames are missing: is the link too narrow? try --transport tcp")
    if trial.damaged and trial.told and trial.told.codec != STILLS:
        advice.append("packets were damaged or lost: try --transport tcp, or look at the link")
    return advice


def fields_of(trial: Trial) -> dict[str, Any]:
    """For machines: the keys of one line of JSON."""
    told, heights, read = trial.told, trial.heights, trial.read
    return {
        "url": trial.shown,
        "opens": told is not None,
        "trouble": trial.trouble,
        "message": trial.message,
        "codec": told.codec if told else None,
        "width": told.width if told else None,
        "height": told.height if told else None,
        "fps_told": told.fps if told else None,
        "fps": _rounded(trial.fps, 2),
        "seconds": round(trial.seconds, 2),
        "frames": trial.frames,
        "damaged": trial.damaged,
        "looked": len(trial.looks),
        "plate_px": [round(n, 1) for n in (heights[0], median(heights), heights[-1])]
        if heights
        else None,
        "plates": {text: round(score, 4) for text, score in sorted(read.items())},
        "sharpness": _rounded(trial.sharpness, 1),
        "darkness": _rounded(trial.darkness, 3),
        "clock": trial.clock,
        "clock_offset_s": _rounded(trial.clock_offset_s, 3),
        "advice": advice_of(trial) if told else [],
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
