"""The plate: Vietnamese number plates as text, as docs/plates.md tells. Pure."""

from lpr.plates.generate import GeneratedPlate, generate_plate
from lpr.plates.grammar import PlateKind, PlateShape, parse_plate, vehicle_kind
from lpr.plates.normal import normal_pattern, normal_text, typed_texts
from lpr.plates.printed import printed_form, printed_rows
from lpr.plates.prior import aligned, choose
from lpr.plates.provinces import Province, province_of
from lpr.plates.repair import Repair, repair_text
from lpr.plates.wellformed import Doubt, check_length, doubt_about

__all__ = [
    "Doubt",
    "GeneratedPlate",
    "PlateKind",
    "PlateShape",
    "Province",
    "Repair",
    "aligned",
    "check_length",
    "choose",
    "doubt_about",
    "generate_plate",
    "normal_pattern",
    "normal_text",
    "parse_plate",
    "printed_form",
    "printed_rows",
    "province_of",
    "repair_text",
    "typed_texts",
    "vehicle_kind",
]
