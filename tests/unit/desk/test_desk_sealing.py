"""Pictures lie encrypted; the key alone opens them, each in its own place."""

from __future__ import annotations

import pytest

from desk.errors import DeskError
from desk.pictures import sealing
from desk.pictures.sealing import Sealer, sealer

OLD, NEW = "o" * 40, "n" * 40


def refused(work) -> str:
    with pytest.raises(DeskError) as refusal:
        work()
    return refusal.value.code


def test_what_is_sealed_says_nothing_and_opens_as_it_was():
    """The same picture twice does not even look the same."""
    one = Sealer([NEW])
    sealed, again = one.seal(b"picture" * 50, "a/full"), one.seal(b"picture" * 50, "a/full")
    assert b"picture" not in sealed
    assert sealed != again
    assert one.open(sealed, "a/full", one.name) == b"picture" * 50


def test_a_new_key_in_front_seals_and_the_old_one_still_opens():
    """A change of key loses no picture."""
    before = Sealer([OLD])
    kept = before.seal(b"old", "a/full")
    after = Sealer([NEW, OLD])
    assert after.name != before.name
    assert after.open(kept, "a/full", before.name) == b"old"
    assert after.open(after.seal(b"new", "a/full"), "a/full", after.name) == b"new"


def test_without_its_key_a_picture_stays_shut():
    """Even where the name of another key is written beside it."""
    before, after = Sealer([OLD]), Sealer([NEW])
    kept = before.seal(b"old", "a/full")
    assert refused(lambda: after.open(kept, "a/full", before.name)) == "picture_sealed"
    assert refused(lambda: after.open(kept, "a/full", after.name)) == "picture_sealed"


@pytest.mark.parametrize("about", ["b/full", "a/thumb", ""])
def test_one_pictures_bytes_are_of_no_use_in_anothers_place(about):
    """Whoever can write to the database cannot show a shopper what another sent."""
    one = Sealer([NEW])
    assert refused(lambda: one.open(one.seal(b"mine", "a/full"), about, one.name)) == "picture_sealed"


@pytest.mark.parametrize("damage", [lambda s: s[:-1], lambda s: s[:20], lambda s: b"", lambda s: s[::-1]])
def test_what_was_tampered_with_is_not_opened(damage):
    """Nor what is cut off."""
    one = Sealer([NEW])
    sealed = one.seal(b"mine", "a/full")
    assert refused(lambda: one.open(damage(sealed), "a/full", one.name)) == "picture_sealed"


def test_keys_come_from_the_setting_and_without_any_no_picture_is_taken(settings):
    """Blanks around the commas do not matter."""
    settings.XIAOER = type("S", (), {"picture_key": f"{NEW} , {OLD}"})()
    assert sealer().name == Sealer([NEW]).name
    assert sealer().open(Sealer([OLD]).seal(b"x", "a"), "a", Sealer([OLD]).name) == b"x"
    settings.XIAOER = type("S", (), {"picture_key": ""})()
    assert refused(sealing.sealer) == "pictures_off"
