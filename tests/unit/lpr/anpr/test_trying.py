from dataclasses import replace

import pytest

from lpr.anpr.events import Device
from lpr.anpr.trying import EventTrial, fields_of, lines_of

GOOD = EventTrial(
    "dahua+http://10.1.2.3",
    "dahua",
    opens=True,
    device=Device("ITC413", "2.8"),
    clock_offset_s=0.34,
    seconds=20.1,
    scores=(0.6, 0.0, 0.8),
    pictures=(2, 3),
)


def test_everything_is_told_in_words() -> None:
    assert lines_of(GOOD) == [
        "opens: dahua+http://10.1.2.3",
        "camera: dahua ITC413 2.8",
        "clock: 0.3 s behind this machine's",
        "events: 3 in 20 s, 2 with a plate, probability in the middle 0.70",
        "pictures: 2 of plates, 3 of scenes",
        "damaged parts: 0",
    ]


def test_everything_is_told_to_machines() -> None:
    fields = fields_of(GOOD)
    assert (fields["events"], fields["read"], fields["score"]) == (3, 2, 0.7)
    assert (fields["clock_offset_s"], fields["model"]) == (0.34, "dahua ITC413 2.8")


def test_a_camera_that_does_not_open_says_why() -> None:
    trial = EventTrial("dahua+http://h", "dahua", trouble="unreachable", message="no answer")
    assert lines_of(trial) == ["does not open: no answer"]
    assert fields_of(trial)["trouble"] == "unreachable"


@pytest.mark.parametrize(
    ("trial", "advice"),
    [
        (replace(GOOD, scores=(), pictures=(0, 0)), "no event came: let a vehicle pass"),
        (replace(GOOD, pictures=(0, 3)), "pictures are missing"),
        (replace(GOOD, clock_offset_s=-3600.0), "its clock is wrong and is not used"),
        (replace(GOOD, trouble="ended", message="it has ended"), "it broke off: it has ended"),
    ],
)
def test_advice_says_what_to_do(trial: EventTrial, advice: str) -> None:
    (line,) = [line for line in lines_of(trial) if line.startswith("advice: ")]
    assert advice in line


def test_a_camera_that_tells_no_time_says_so() -> None:
    assert lines_of(replace(GOOD, clock_offset_s=None))[2].startswith(
        "clock: the camera does not tell its time"
    )
