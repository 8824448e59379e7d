"""Whatever is sent, what is kept is a plain small JPEG of our own, or it is refused in words."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desk.errors import DeskError
from desk.pictures.redrawing import FULL, MAX_BYTES, THUMB, kind_of, redraw
from tests.pictures import BLUE, PLACE, RED, also_a_page, bomb, camera, heic, picture, several


def shown(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    found = image.convert("RGB").getpixel(at)
    return all(abs(a - b) < 30 for a, b in zip(found, colour, strict=True))


def refused(content: bytes) -> str:
    with pytest.raises(DeskError) as refusal:
        redraw(content)
    assert refusal.value.message
    return refusal.value.code


def outcome(work) -> str:
    """The code of a refusal, empty without one."""
    try:
        work()
    except DeskError as e:
        return e.code
    return ""


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"),
        ("PNG", "1"), ("PNG", "LA"), ("PNG", "I;16"), ("WEBP", "RGB"), ("WEBP", "RGBA"), ("GIF", "P"),
    ],
)  # fmt: skip
def test_every_usual_kind_becomes_a_jpeg_in_two_sizes(kind, mode):
    """In its own colours, whichever way it stores them."""
    drawn = redraw(picture(kind, (2000, 1000), mode))
    full, thumb = shown(drawn.full), shown(drawn.thumb)
    assert (full.format, full.mode, full.size) == ("JPEG", "RGB", (1600, 800))
    assert (thumb.format, thumb.size) == ("JPEG", (THUMB, THUMB // 2))
    assert (drawn.width, drawn.height) == full.size
    if mode in {"RGB", "RGBA", "P", "CMYK"}:
        assert near(full, (1500, 700), RED)
        assert near(full, (100, 100), BLUE)


def test_a_small_picture_keeps_its_size():
    """Nothing is blown up."""
    drawn = redraw(picture(size=(60, 40)))
    assert shown(drawn.full).size == shown(drawn.thumb).size == (60, 40)


@pytest.mark.parametrize("size", [(5000, 1), (1, 5000), (1, 1)])
def test_a_very_long_or_tiny_picture_has_at_least_a_pixel_each_way(size):
    """A line is a picture as well."""
    drawn = redraw(picture("PNG", size))
    assert max(drawn.width, drawn.height) <= FULL
    assert min(shown(drawn.thumb).size) >= 1


def test_sixteen_bits_of_grey_stay_as_bright_as_they_are():
    """Half bright is half bright, not white."""
    out = BytesIO()
    Image.new("I;16", (20, 20), 32768).save(out, "PNG")
    assert near(shown(redraw(out.getvalue()).full), (5, 5), (128, 128, 128))


def test_what_is_transparent_lies_on_white():
    """As in the chat window, not on black."""
    out = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert near(shown(redraw(out.getvalue()).full), (5, 5), (255, 255, 255))


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "MPO"])
def test_of_several_frames_the_first_is_kept(kind):
    """One picture, no film."""
    full = shown(redraw(several(kind, BLUE, RED)).full)
    assert getattr(full, "n_frames", 1) == 1
    assert near(full, (5, 5), BLUE)


def test_place_device_comment_and_profile_are_gone_and_the_photo_stands_upright():
    """A photo tells where somebody lives."""
    sent = camera(orientation=6)
    assert b"Hidden Maker" in sent
    assert PLACE.encode() in sent
    drawn = redraw(sent)
    for content in (drawn.full, drawn.thumb):
        kept = shown(content)
        assert len(kept.getexif()) == 0
        assert not {"exif", "comment", "icc_profile", "xmp", "photoshop"} & set(kept.info)
        assert b"Hidden" not in content
        assert PLACE.encode() not in content
    assert (drawn.width, drawn.height) == (40, 80), "turned as the camera was held"
    assert near(shown(drawn.full), (35, 5), BLUE), "the left upper quarter is now the right upper one"


@pytest.mark.parametrize("orientation", range(10))
def test_no_way_of_holding_a_camera_breaks_anything(orientation):
    """Nor a number that is none."""
    assert max(shown(redraw(camera(orientation)).full).size) == 80


def test_notes_that_are_damaged_do_not_spoil_the_photo():
    """They are thrown away in any case."""
    sent = camera()
    at = sent.index(b"Exif\x00\x00") + 6
    assert redraw(sent[:at] + b"\xff" * 12 + sent[at + 12 :]).width


@pytest.mark.parametrize("kind", ["JPEG", "GIF"])
def test_a_picture_that_is_also_a_web_page_is_only_a_picture_afterwards(kind):
    """No browser can be talked into running what came along."""
    sent = also_a_page(kind)
    assert sent.count(b"<script>") == 2
    drawn = redraw(sent)
    assert b"<script" not in drawn.full + drawn.thumb
    assert drawn.full.startswith(b"\xff\xd8\xff")
    assert drawn.full.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_empty"),
        (b"\x00" * (MAX_BYTES + 1), "picture_large"),
        (heic(), "picture_heic"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "picture_kind"),
        (b"<html>GIF89a</html>", "picture_kind"),
        (b"%PDF-1.7", "picture_kind"),
        (b"BM" + b"\x00" * 100, "picture_kind"),
        (b"II*\x00" + b"\x00" * 100, "picture_kind"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 64, "picture_kind"),
        (b"RIFF\x00\x00\x00\x00WAVE", "picture_kind"),
        (b"PK\x03\x04", "picture_kind"),
        ("图片.jpg".encode(), "picture_kind"),
    ],
)
def test_what_is_no_picture_is_refused_by_its_content(content, code):
    """Each with words of its own; a name is never asked for."""
    assert refused(content) == code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_a_picture_that_is_cut_off_is_refused(kind, part):
    """Half a picture would be grey below, and nobody would know."""
    whole = _noise(kind)
    assert refused(whole[: max(13, int(len(whole) * part))]) == "picture_broken"


@pytest.mark.parametrize("size", [(6400, 6400), (20_000, 2001), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unfolded(size):
    """A few bytes may ask for gigabytes."""
    content = bomb(*size)
    assert len(content) < 100
    assert refused(content) == "picture_pixels"


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF"])
def test_a_head_that_lies_about_the_size_costs_no_memory(kind):
    """Of each kind that holds its size in its head."""
    content = bytearray(picture(kind))
    at = {"JPEG": content.find(b"\xff\xc0") + 5, "GIF": 6, "WEBP": content.find(b"VP8 ") + 14}[kind]
    content[at : at + 4] = b"\xff\xff\xff\xff" if kind != "WEBP" else b"\xff\x3f\xff\x3f"
    assert refused(bytes(content)) in {"picture_pixels", "picture_broken"}


def test_a_picture_of_just_as_many_pixels_as_allowed_is_taken():
    """Sixteen-bit phones take forty million."""
    assert redraw(picture("JPEG", (8000, 5000))).width == FULL


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.randoms(use_true_random=False))
def test_damage_anywhere_ends_in_a_picture_or_in_words(kind, random):
    """Never in an error of ours."""
    content = bytearray(picture(kind))
    for _ in range(random.randint(1, 12)):
        content[random.randrange(len(content))] = random.randrange(256)
    code = outcome(lambda: redraw(bytes(content)))
    assert code == "" or code.startswith("picture_")


@given(st.binary(max_size=64))
def test_any_bytes_are_a_known_kind_or_refused(content):
    """By how they begin."""
    assert outcome(lambda: kind_of(content)) in {"", "picture_empty", "picture_kind", "picture_heic"}


def _noise(kind: str) -> bytes:
    """A picture whose data cannot be guessed from its beginning."""
    out = BytesIO()
    Image.effect_noise((120, 120), 100).convert("P" if kind == "GIF" else "RGB").save(out, kind)
    return out.getvalue()
