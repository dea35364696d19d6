"""What is no plate and looks like one: lettering of every kind, and pieces of real streets."""

from pathlib import Path

import cv2
import numpy as np

from models.training.foreign_plates import LETTERS
from models.training.held_out import is_judged
from models.training.labels import read_labels
from models.training.reader_net import HEIGHT, WIDTH
from models.training.typefaces import draw_text, faces

STREETS = ("neg-streets", "vn-street-kinds", "vn-hanoi-checkin", "vn-garage-cars", "intl-street")
_VIETNAMESE = "ăâêôơưđáàảãạếềểệốồổộứừửựíìịọòõúùụýỳ"


def draw_lettering(rng: np.random.Generator) -> np.ndarray:
    """A piece of a sign, a shop, a lorry's side or a burnt-in clock, (h, w, 3) uint8 BGR."""
    lines = [_line(rng) for _ in range(int(rng.choice((1, 2, 3), p=(0.55, 0.35, 0.1))))]
    ground = rng.integers(0, 256, 3).astype(np.float32)
    ink = ground + rng.choice((-1, 1)) * rng.uniform(60, 220, 3)
    face = faces()[int(rng.integers(len(faces())))]
    masks = [draw_text(line, face, rng.uniform(0, 0.1)) for line in lines]
    height = int(rng.integers(40, 90)) * len(lines)
    width = int(height * rng.uniform(1.2, 5))
    tall = max(6, int(height / len(lines) * rng.uniform(0.4, 0.9)))
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = ground
    for index, mask in enumerate(masks):
        wide = max(6, int(mask.shape[1] / mask.shape[0] * tall * rng.uniform(0.7, 1.1)))
        mask = cv2.resize(mask, (wide, tall), interpolation=cv2.INTER_AREA)
        y = int(index * height / len(lines))
        x = int(rng.uniform(-0.2, 0.4) * width)
        mask = mask[:, max(0, -x) :]
        part = picture[y : y + tall, max(0, x) : max(0, x) + mask.shape[1]]
        share = mask[: part.shape[0], : part.shape[1], None].astype(np.float32) / 255
        part += share * (ink - ground)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _line(rng: np.random.Generator) -> str:
    kind = rng.random()
    digits = "".join(rng.choice(list("0123456789"), 10))
    if kind < 0.25:  # a telephone number
        parts = (
            f"0{digits[:3]}{digits[3:6]}{digits[6:9]}",
            f"0{digits[:3]} {digits[3:6]} {digits[6:9]}",
        )
        number = str(rng.choice([*parts, f"0{digits[:2]}.{digits[2:5]}.{digits[5:9]}"]))
        return str(rng.choice(("", "ĐT: ", "DT ", "Hotline: "))) + number
    if kind < 0.35:  # a clock
        date = f"20{digits[:2]}-{digits[2:4]}-{digits[4:6]}"
        return str(
            rng.choice(
                (
                    date,
                    f"{digits[:2]}:{digits[2:4]}:{digits[4:6]}",
                    f"{date} {digits[:2]}:{digits[6:8]}",
                )
            )
        )
    if kind < 0.42:  # a price, a house
        return str(
            rng.choice(
                (
                    f"{digits[:2]}.000đ",
                    f"Số {digits[:2]}",
                    f"{digits[:3]} {digits[3:5]}m",
                    f"{digits[:2]}T",
                )
            )
        )
    letters = list(LETTERS if rng.random() < 0.5 else LETTERS.lower() + _VIETNAMESE)
    words = [
        "".join(rng.choice(letters, int(rng.integers(2, 9))))
        for _ in range(int(rng.integers(1, 4)))
    ]
    return " ".join(words)


def street_pieces(data: Path, count: int, seed: int, without_plates: bool) -> np.ndarray:
    """Pieces of real streets, (count, 64, 160, 3) uint8 BGR.

    Args:
        data: folder of the training sets.
        count: how many.
        seed: of the choice.
        without_plates: whether no piece may touch a plate (pictures whose plates are not all
            labelled are then left out); otherwise they only lie behind rendered plates.
    """
    rng = np.random.default_rng(seed)
    labelled = [p for name in STREETS for p in read_labels(data / name) if not is_judged(p)]
    if without_plates:
        labelled = [p for p in labelled if p.complete]
    chosen = [labelled[int(i)] for i in rng.choice(len(labelled), min(500, len(labelled)), False)]
    frames = [(cv2.imread(str(p.path)), p) for p in chosen]
    pieces = np.empty((count, HEIGHT, WIDTH, 3), np.uint8)
    filled = 0
    while filled < count:
        frame, picture = frames[int(rng.integers(len(frames)))]
        height = int(np.exp(rng.uniform(np.log(16), np.log(frame.shape[0] / 2.2))))
        width = min(int(height * rng.uniform(1.2, 4.5)), frame.shape[1] - 1)
        y = int(rng.integers(0, frame.shape[0] - height))
        x = int(rng.integers(0, frame.shape[1] - width))
        if without_plates and any(
            _touches((x, y, x + width, y + height), p.box) for p in picture.plates
        ):
            continue
        piece = frame[y : y + height, x : x + width]
        pieces[filled] = cv2.resize(piece, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        filled += 1
    return pieces


def _touches(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
