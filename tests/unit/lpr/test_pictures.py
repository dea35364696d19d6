import stat
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from lpr.errors import PictureError
from lpr.pictures import read_picture
from lpr.testing import AS_ANYBODY, bare_png

RED, GREEN, BLUE, WHITE = (0, 0, 255), (0, 255, 0), (255, 0, 0), (255, 255, 255)  # BGR


def corners_of(picture: np.ndarray) -> list[tuple[int, ...]]:
    """Top left, top right, bottom right, bottom left, to the nearest pure colour."""
    quarters = (picture[2, 2], picture[2, -3], picture[-3, -3], picture[-3, 2])
    return [tuple(int(v > 127) * 255 for v in pixel) for pixel in quarters]


def four_colours(mode: str = "RGB") -> Image.Image:
    """40 x 24 pixels: red and green above, white and blue below."""
    picture = Image.new("RGB", (40, 24), "white")
    picture.paste("red", (0, 0, 20, 12))
    picture.paste("lime", (20, 0, 40, 12))
    picture.paste("blue", (0, 12, 20, 24))
    return picture.convert(mode)


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("plain.png", "RGB", {}),
        ("plain.jpg", "RGB", {"quality": 95, "subsampling": 0}),
        ("PLAIN.JPEG", "RGB", {"quality": 95, "subsampling": 0}),
        ("progressive.jpg", "RGB", {"quality": 95, "subsampling": 0, "progressive": True}),
        ("ink.jpg", "CMYK", {"quality": 95}),
        ("lossless.webp", "RGB", {"lossless": True}),
        ("small.webp", "RGB", {"quality": 90}),
        ("plain.bmp", "RGB", {}),
        ("palette.png", "P", {}),
        ("palette.bmp", "P", {}),
        ("layer.png", "RGBA", {}),
        ("ink.tif", "CMYK", {}),
        ("packed.tif", "RGB", {"compression": "tiff_lzw"}),
    ],
)
def test_every_format_shows_the_same_colours(
    tmp_path: Path, name: str, mode: str, options: dict[str, object]
) -> None:
    four_colours(mode).save(tmp_path / name, **options)
    picture = read_picture(tmp_path / name)
    assert (picture.shape, picture.dtype) == ((24, 40, 3), np.uint8)
    assert corners_of(picture) == [RED, GREEN, WHITE, BLUE]


@pytest.mark.parametrize(
    ("orientation", "corners"),
    [
        (1, [RED, GREEN, WHITE, BLUE]),
        (2, [GREEN, RED, BLUE, WHITE]),
        (3, [WHITE, BLUE, RED, GREEN]),
        (4, [BLUE, WHITE, GREEN, RED]),
        (5, [RED, BLUE, WHITE, GREEN]),
        (6, [BLUE, RED, GREEN, WHITE]),
        (7, [WHITE, GREEN, RED, BLUE]),
        (8, [GREEN, WHITE, BLUE, RED]),
        (77, [RED, GREEN, WHITE, BLUE]),
    ],
)
@pytest.mark.parametrize("name", ["turned.jpg", "turned.png", "turned.webp"])
def test_a_picture_is_upright_as_its_exif_says(
    tmp_path: Path, name: str, orientation: int, corners: list[tuple[int, ...]]
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    four_colours().save(tmp_path / name, exif=exif, quality=95)
    picture = read_picture(tmp_path / name)
    assert picture.shape == ((40, 24, 3) if orientation in (5, 6, 7, 8) else (24, 40, 3))
    assert corners_of(picture) == corners


def test_a_picture_whose_exif_is_broken_is_read_as_it_lies(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.ImageDescription] = "a street"
    four_colours().save(tmp_path / "good.jpg", exif=exif, quality=95)
    content = (tmp_path / "good.jpg").read_bytes()
    for start in range(30, 60):  # within the EXIF block
        broken = content[:start] + b"\xff\x01\xff" + content[start + 3 :]
        (tmp_path / "broken.jpg").write_bytes(broken)
        assert read_picture(tmp_path / "broken.jpg").size == 24 * 40 * 3


def test_grey_pictures_have_three_equal_channels(tmp_path: Path) -> None:
    shades = np.linspace(0, 255, 256, dtype=np.uint8).reshape(16, 16)
    Image.fromarray(shades).save(tmp_path / "grey.png")
    Image.fromarray(shades.astype(np.uint16) * 257).save(tmp_path / "deep.png")
    Image.fromarray(shades.astype(np.uint16) * 257).save(tmp_path / "deep.tif")
    Image.fromarray(shades > 127).save(tmp_path / "two_tones.png")
    for name in ("grey.png", "deep.png", "deep.tif"):
        assert (read_picture(tmp_path / name) == shades[..., None]).all(), name
    expected = np.where(shades > 127, 255, 0)[..., None]
    assert (read_picture(tmp_path / "two_tones.png") == expected).all()


def test_sixteen_bits_of_colour_become_eight(tmp_path: Path) -> None:
    pixel = struct.pack(">HHH", 65535, 32896, 0)  # red, green, blue
    (tmp_path / "deep.png").write_bytes(bare_png(2, 1, 16, 2, b"\0" + pixel + pixel))
    assert read_picture(tmp_path / "deep.png").tolist() == [[[0, 128, 255], [0, 128, 255]]]


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(tmp_path: Path, mode: str) -> None:
    layer = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    layer.putpixel((1, 0), (0, 0, 0, 255))
    layer.convert(mode).save(tmp_path / "layer.png")
    assert read_picture(tmp_path / "layer.png").tolist() == [[list(WHITE), [0, 0, 0]]]


def test_a_transparent_entry_of_a_palette_is_white(tmp_path: Path) -> None:
    palette = Image.new("P", (2, 1))
    palette.putpalette([255, 0, 0, 0, 0, 0])
    palette.putpixel((1, 0), 1)
    palette.save(tmp_path / "palette.png", transparency=0)
    assert read_picture(tmp_path / "palette.png").tolist() == [[list(WHITE), [0, 0, 0]]]


def test_of_a_photograph_in_several_sizes_the_first_is_read(tmp_path: Path) -> None:
    small = four_colours().resize((10, 6))
    four_colours().save(
        tmp_path / "p.jpg", "MPO", save_all=True, append_images=[small], quality=95, subsampling=0
    )
    assert corners_of(read_picture(tmp_path / "p.jpg")) == [RED, GREEN, WHITE, BLUE]


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("dear colleague, please find enclosed a letter, not a picture\n")


def _truncated(path: Path) -> None:
    Image.effect_noise((200, 100), 90).save(path, "JPEG")
    path.write_bytes(path.read_bytes()[:-2000])


def _header_only(path: Path) -> None:
    four_colours().save(path, "JPEG")
    path.write_bytes(path.read_bytes()[:30])


def _folder(path: Path) -> None:
    path.mkdir()


def _nothing(path: Path) -> None:
    assert not path.exists()


def _huge(path: Path) -> None:
    path.write_bytes(bare_png(10_001, 10_000, 1, 0, b""))


def _gigantic(path: Path) -> None:
    path.write_bytes(bare_png(2_000_000_000, 2_000_000_000, 8, 2, b""))


def _gif(path: Path) -> None:
    four_colours("P").save(path, "GIF")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (_empty, "the file is empty"),
        (_text, "not a picture: expected JPEG, PNG, WebP, BMP or TIFF"),
        (_gif, "not a picture: expected JPEG, PNG, WebP, BMP or TIFF"),
        (_truncated, "the picture is damaged: image file is truncated"),
        (_header_only, "the picture is damaged: "),
        (_folder, "Is a directory"),
        (_nothing, "no such file or folder"),
        (_huge, "over 100 megapixels: scale the picture down"),
        (_gigantic, "over 100 megapixels: scale the picture down"),
    ],
)
def test_what_cannot_be_read_says_why(
    tmp_path: Path, made: Callable[[Path], None], said: str
) -> None:
    made(tmp_path / "picture.jpg")
    with pytest.raises(PictureError) as refused:
        read_picture(tmp_path / "picture.jpg")
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


def test_a_hundred_megapixels_are_still_looked_at(tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(bare_png(10_000, 10_000, 1, 0, b""))
    with pytest.raises(PictureError, match="damaged"):  # and so past the limit
        read_picture(tmp_path / "large.png")


def test_without_the_right_to_read_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.jpg"
    four_colours().save(path)
    path.chmod(0)
    code = (
        "import sys; from pathlib import Path; from lpr.pictures import read_picture\n"
        "try: read_picture(Path(sys.argv[1]))\n"
        "except Exception as error: print(repr(error))"
    )
    command = [*AS_ANYBODY, sys.executable, "-c", code, str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0
    assert ended.stdout == "PictureError('no right to read it: give this user the right')\n"
