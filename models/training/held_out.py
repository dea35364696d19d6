"""What no training sees: to judge with, and to calibrate with; the same on every machine."""

from zlib import crc32

from models.training.labels import LabelledPicture

TEXTS = 16  # one plate text in so many is kept out, with every picture of it
PICTURES = 20  # one picture in so many is kept from the detector, to watch with
NEGATIVES = 3  # one picture of neg-streets in so many is kept out, to judge with


def is_held_out_text(text: str) -> bool:
    """Whether crops of that plate are kept from training."""
    return crc32(text.encode()) % TEXTS == 0


def is_judged(picture: LabelledPicture) -> bool:
    """Whether the picture is of the part of neg-streets that nothing is trained on."""
    name = picture.path.name.encode()
    return picture.set_name == "neg-streets" and crc32(name) % NEGATIVES == 0


def is_held_out(picture: LabelledPicture) -> bool:
    """Whether the picture is kept from the training of the detector."""
    texts = [plate.text for plate in picture.plates if plate.text]
    by_name = crc32(picture.path.name.encode()) % PICTURES == 0
    return by_name or any(map(is_held_out_text, texts)) or is_judged(picture)
