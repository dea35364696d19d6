from collections.abc import Mapping

import pytest

from search.roads.access import direction, drivers
from search.roads.profile import EVERYBODY, NOBODY, Profile, Profiles

CAR, MOTORCYCLE, LORRY = (frozenset({profile}) for profile in Profile)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, EVERYBODY),
        ({"motorcycle": "no"}, CAR | LORRY),
        ({"motorcar": "no"}, MOTORCYCLE),
        ({"motor_vehicle": "no"}, NOBODY),
        ({"access": "private"}, NOBODY),
        ({"access": "no", "vehicle": "yes"}, EVERYBODY),
        ({"motor_vehicle": "no", "motorcycle": "designated"}, MOTORCYCLE),
        ({"hgv": "no"}, CAR | MOTORCYCLE),
        ({"motorcar": "no", "hgv": "yes"}, MOTORCYCLE | LORRY),
        ({"motorcar": "destination"}, EVERYBODY),
        ({"motorcycle": "yes|yes|designated"}, EVERYBODY),  # lane by lane
        ({"highway": "motorway"}, CAR | LORRY),
        ({"highway": "motorway_link", "motor_vehicle": "yes"}, CAR | LORRY),
        ({"highway": "motorway", "motorcycle": "yes"}, EVERYBODY),
    ],
)
def test_who_may_drive(tags: Mapping[str, str], expected: Profiles) -> None:
    assert drivers({"highway": "primary"} | tags) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, (0, NOBODY)),
        ({"oneway": "yes"}, (1, NOBODY)),
        ({"oneway": "1"}, (1, NOBODY)),
        ({"oneway": "no"}, (0, NOBODY)),
        ({"oneway": "-1"}, (-1, NOBODY)),
        ({"junction": "roundabout"}, (1, NOBODY)),
        ({"junction": "roundabout", "oneway": "no"}, (0, NOBODY)),
        ({"highway": "motorway"}, (1, NOBODY)),
        ({"highway": "motorway", "oneway": "reversible"}, (0, NOBODY)),
        ({"oneway": "yes", "oneway:motorcycle": "no"}, (1, MOTORCYCLE)),
        ({"oneway": "-1", "oneway:motorcycle": "no"}, (-1, MOTORCYCLE)),
        ({"oneway": "yes", "oneway:motorcycle": "-1"}, (1, MOTORCYCLE)),
        ({"oneway": "yes", "oneway:motorcycle": "yes"}, (1, NOBODY)),
        ({"oneway": "yes", "oneway:bicycle": "no"}, (1, NOBODY)),
        ({"oneway": "no", "oneway:motorcycle": "no"}, (0, NOBODY)),
        # one-way for lorries only
        ({"oneway:hgv": "-1"}, (-1, CAR | MOTORCYCLE)),
        # what holds for cars holds for lorries
        ({"oneway:motorcar": "yes"}, (1, MOTORCYCLE)),
        ({"oneway": "yes", "oneway:motorcar": "no", "oneway:motorcycle": "no"}, (0, NOBODY)),
    ],
)
def test_in_which_direction_one_may_drive(
    tags: Mapping[str, str], expected: tuple[int, Profiles]
) -> None:
    assert direction({"highway": "primary"} | tags) == expected
