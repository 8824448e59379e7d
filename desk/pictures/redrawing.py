"""From whatever bytes a shopper sends to a plain JPEG of ours, or a refusal in words. Pure.

The type is read from the content, never from a name or header. Nothing of the file itself is kept: only the
colours of its first frame are painted on a new sheet, so no place, device, comment, script or second file
that was hidden in it reaches anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import structlog
from PIL import Image

from desk.errors import DeskError

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
"""A small file may unfold to any number of pixels; this many take 160 MB."""
FULL, THUMB = 1600, 320
"""The longer side, at most."""
_QUALITY = {FULL: 82, THUMB: 75}
_SIGNS = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"))
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"})
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What sets a picture upright, by the number with which a camera says how it was held."""
log = structlog.get_logger("desk.pictures")


@dataclass(frozen=True)
class Redrawn:
    """JPEG bytes in two sizes; width and height are the larger one's."""

    full: bytes
    thumb: bytes
    width: int
    height: int


def redraw(content: bytes) -> Redrawn:
    """Both sizes of a picture.

    Raises:
        DeskError: picture_empty, picture_large, picture_heic, picture_kind, picture_pixels, picture_broken.
    """
    kind = kind_of(content)
    try:
        sheet = _sheet(content, kind)
    except DeskError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Exception as e:  # decoders meet a damaged file with whatever their inner part raises
        log.info("picture refused", kind=kind, why=type(e).__name__)
        raise DeskError("picture_broken") from None
    return Redrawn(_jpeg(sheet, FULL), _jpeg(sheet, THUMB), *sheet.size)


def kind_of(content: bytes) -> str:
    """JPEG, PNG, GIF or WEBP by how the content begins; raises DeskError for anything else."""
    if not content:
        raise DeskError("picture_empty")
    if len(content) > MAX_BYTES:
        raise DeskError("picture_large", limit=MAX_BYTES // 1024**2)
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    heic = content[4:8] == b"ftyp" and content[8:12] in _HEIC
    raise DeskError("picture_heic" if heic else "picture_kind")


def _sheet(content: bytes, kind: str) -> Image.Image:
    """The first frame, upright, on white, at most FULL long, and nothing else of the file."""
    with Image.open(BytesIO(content), formats=[kind]) as opened:
        _check_pixels(opened)
        opened.draft(None, (FULL, FULL))  # lets a JPEG be read at a fraction of its size
        opened.load()
        _check_pixels(opened)  # a frame may turn out larger than the file's head said
        turn = _TURNS.get(_orientation(opened))
        picture = _plain(opened)
        picture.thumbnail((FULL, FULL), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if turn is not None:
        picture = picture.transpose(turn)
    sheet = Image.new("RGB", picture.size, "white")
    if picture.mode == "RGBA":
        sheet.paste(picture, mask=picture.getchannel("A"))
    else:
        sheet.paste(picture.convert("RGB"))
    return sheet


def _check_pixels(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> DeskError:
    return DeskError("picture_pixels", limit=MAX_PIXELS // 10_000)


def _orientation(picture: Image.Image) -> int:
    """As the camera noted it; 1, upright, where its notes cannot be read."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # notes are a file within the file, damaged in as many ways
        return 1


def _plain(picture: Image.Image) -> Image.Image:
    """In a mode that can be made smaller: RGBA where something is transparent, else L, RGB or CMYK."""
    if picture.mode in {"L", "RGB", "RGBA", "CMYK"} and "transparency" not in picture.info:
        return picture  # as it is: a copy would take its memory twice
    if picture.mode in {"LA", "PA"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode.startswith("I"):  # 16 bits of grey; a plain conversion would cut off all but the darkest
        return picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    return picture.convert("RGB")


def _jpeg(sheet: Image.Image, side: int) -> bytes:
    out, drawn = BytesIO(), sheet.copy()
    drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
    drawn.save(out, "JPEG", quality=_QUALITY[side], optimize=True, progressive=True)
    return out.getvalue()
