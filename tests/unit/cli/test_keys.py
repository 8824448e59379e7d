"""Secrets are made once, kept private, and never half-written."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot import keys
from bot.errors import BadInput
from bot.settings import load


def test_the_first_start_makes_every_secret_and_the_second_keeps_them(home: Path):
    """A restart must not log everyone out."""
    env = {"XIAOER_HOME": str(home)}
    assert keys.ensure(load(env))
    first = load(env)
    assert not keys.ensure(first)
    assert load(env) == first
    made = {getattr(first, name) for name in keys.SECRETS}
    assert len(made) == len(keys.SECRETS) == 4
    assert min(map(len, made)) >= 50


def test_a_shop_of_an_older_version_gets_the_secret_that_it_lacks(home: Path):
    """Pictures came later; what there was stays."""
    home.mkdir()
    (home / "xiaoer.env").write_text("XIAOER_BOT_SECRET=b\nXIAOER_DESK_SECRET=d\nXIAOER_SHOP_KEY=s\n")
    env = {"XIAOER_HOME": str(home)}
    assert keys.ensure(load(env))
    grown = load(env)
    assert (grown.bot_secret, grown.desk_secret, grown.shop_key) == ("b", "d", "s")
    assert len(grown.picture_key) >= 50


def test_secrets_are_readable_by_their_owner_alone(home: Path):
    """Mode 600 in a folder of mode 700."""
    keys.ensure(load({"XIAOER_HOME": str(home)}))
    assert stat.S_IMODE((home / "xiaoer.env").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_what_the_owner_wrote_into_the_file_stays(home: Path):
    """Secrets are added below."""
    home.mkdir()
    (home / "xiaoer.env").write_text("# mine\nXIAOER_STYLE=formal")
    keys.ensure(load({"XIAOER_HOME": str(home)}))
    assert (home / "xiaoer.env").read_text().startswith("# mine\nXIAOER_STYLE=formal\n")
    assert load({"XIAOER_HOME": str(home)}).style == "formal"


def test_a_value_that_would_read_back_differently_is_refused(home: Path):
    """No line breaks or quotes slip into the file."""
    with pytest.raises(BadInput, match="XIAOER_SHOP_ID"):
        keys.add(home, {"XIAOER_SHOP_ID": "a\nXIAOER_DEMO=1"})
