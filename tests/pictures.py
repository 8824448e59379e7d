"""Pictures for tests, made here: good ones, and every bad kind."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)
PLACE = "31.2304N 121.4737E"
"""Hidden in `camera`: nothing of it may stay."""


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: Any) -> bytes:
    """A red sheet with a blue left upper quarter."""
    sheet = Image.new("RGB", size, RED)
    sheet.paste(BLUE, (0, 0, size[0] // 2, size[1] // 2))
    out = BytesIO()
    sheet.convert(mode).save(out, kind, **more)
    return out.getvalue()


def camera(orientation: int = 6) -> bytes:
    """A photo as a telephone takes it: held upright, with place, device, comment and profile."""
    notes = Image.Exif()
    notes[0x0112], notes[0x010F], notes[0x010E] = orientation, "Hidden Maker", PLACE
    notes.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 25.0)})
    return picture(
        size=(80, 40), exif=notes, comment=PLACE.encode(), icc_profile=b"Hidden Profile", xmp=PLACE.encode()
    )


def several(kind: str, *colours: tuple[int, int, int]) -> bytes:
    """A file of several frames: an animation, or (MPO) the JPEG of a telephone with two lenses."""
    first, *others = [Image.new("RGB", (30, 20), colour) for colour in colours]
    out = BytesIO()
    first.save(out, kind, save_all=True, append_images=others)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head promises so many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b""))
        + _chunk(b"IEND", b"")
    )


def heic() -> bytes:
    """How an iPhone's own format begins."""
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64


def also_a_page(kind: str) -> bytes:
    """A real picture with a web page in its comment and behind its end."""
    page = b"<html><script>alert(1)</script></html>"
    return picture(kind, comment=page) + page


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
