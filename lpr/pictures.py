"""Picture files to frames."""

import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from lpr.boxes import Frame
from lpr.errors import PictureError
from lpr.reasons import reason_of

MOST_PIXELS = 100_000_000
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
_TOO_LARGE = f"over {MOST_PIXELS // 1_000_000} megapixels: scale the picture down"
_DAMAGED = "the picture is damaged"
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, for each orientation of EXIF."""


def read_picture(path: Path) -> Frame:
    """Read a picture, upright as its EXIF says, whatever its colours and depth.

    Args:
        path: of a JPEG, PNG, WebP, BMP or TIFF.

    Returns:
        (H, W, 3) uint8 BGR; what is transparent is white.

    Raises:
        PictureError: it cannot be read, and why.
    """
    try:
        if path.stat().st_size == 0:
            raise PictureError("the file is empty")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures and of broken EXIF
            with Image.open(path, formats=_FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise PictureError(_TOO_LARGE)
                return _frame(picture)
    except UnidentifiedImageError:
        raise PictureError("not a picture: expected JPEG, PNG, WebP, BMP or TIFF") from None
    except Image.DecompressionBombError:
        raise PictureError(_TOO_LARGE) from None
    except OSError as error:
        raise PictureError(reason_of(error) if error.errno else f"{_DAMAGED}: {error}") from None
    except (SyntaxError, ValueError, EOFError) as error:  # Pillow's words for a broken file
        raise PictureError(f"{_DAMAGED}: {error}") from None


def _upright(picture: Image.Image) -> Image.Image:
    picture.load()
    try:
        turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # Pillow stumbles over broken EXIF in many ways; the pixels are good
        return picture
    return picture if turn is None else picture.transpose(turn)


def _frame(picture: Image.Image) -> Frame:
    upright = _upright(picture)
    if upright.mode.startswith("I") or upright.mode == "F":  # 16 or 32 bits of grey
        values = np.asarray(upright, np.float32)
        top = 65535.0 if values.max() > 255 else 255.0
        grey = np.clip(values / top * 255, 0, 255).astype(np.uint8)
        return np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2))
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        upright = Image.alpha_composite(white, layer)
    return np.ascontiguousarray(np.asarray(upright.convert("RGB"))[..., ::-1])
