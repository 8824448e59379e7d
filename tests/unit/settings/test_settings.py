"""Settings come from the environment over one file, and nothing unreadable slips through."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotConfigured
from bot.settings import ROOT, Settings, load, name_of


def test_with_nothing_set_the_demo_runs_on_loopback_out_of_the_project_folder():
    """The newcomer configures nothing."""
    settings = load({})
    assert (settings.desk_host, settings.bot_host, settings.demo) == ("127.0.0.1", "127.0.0.1", True)
    assert settings.home == ROOT / "var"
    assert settings.shop_url == f"sqlite:///{ROOT}/var/shop.sqlite3"
    assert settings.desk_url == "http://127.0.0.1:8000"
    assert not settings.llm_on


def test_the_environment_wins_over_the_file(home: Path):
    """A container overrides what `init` wrote."""
    home.mkdir()
    (home / "xiaoer.env").write_text("XIAOER_DESK_PORT=9000\nXIAOER_STYLE=formal\n")
    settings = load({"XIAOER_HOME": str(home), "XIAOER_DESK_PORT": "9001"})
    assert (settings.desk_port, settings.style, settings.home) == (9001, "formal", home)


def test_an_unknown_name_is_refused_with_the_nearest_known_one():
    """A typo must not silently leave a default in force."""
    with pytest.raises(NotConfigured, match=r"XIAOER_DESK_PROT.*是不是想写 XIAOER_DESK_PORT"):
        load({"XIAOER_DESK_PROT": "9000"})


def test_names_are_written_in_capitals():
    """A name in small letters would be taken for set and have no effect."""
    with pytest.raises(NotConfigured, match="XIAOER_DESK_PORT"):
        load({"XIAOER_desk_port": "9000"})


def test_a_name_like_no_other_is_refused_with_all_known_ones():
    """Nothing can be guessed from it."""
    with pytest.raises(NotConfigured, match=r"XIAOER_ÜBRIGENS.*XIAOER_HOME.*XIAOER_TODAY"):
        load({"XIAOER_ÜBRIGENS": "1"})


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"XIAOER_DESK_PO", b"XIAOER_STYLE=\xb5\xea"])
def test_a_file_that_is_damaged_is_refused_with_its_path(home: Path, content: bytes):
    """Another encoding, or cut off in the middle of a line."""
    home.mkdir()
    (home / "xiaoer.env").write_bytes(content)
    with pytest.raises(NotConfigured, match=r"xiaoer\.env"):
        load({"XIAOER_HOME": str(home)})


def test_an_unknown_name_in_the_file_is_refused_with_the_files_path(home: Path):
    """The file holds our settings only."""
    home.mkdir()
    (home / "xiaoer.env").write_text("DATABASE=1\n")
    with pytest.raises(NotConfigured, match=r"xiaoer\.env.*DATABASE"):
        load({"XIAOER_HOME": str(home)})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XIAOER_DESK_PORT", "0"),
        ("XIAOER_DESK_PORT", "８０００"),
        ("XIAOER_BOT_PORT", "http"),
        ("XIAOER_DEMO", "maybe"),
        ("XIAOER_TODAY", "tomorrow"),
        ("XIAOER_TIMEZONE", "Asia/Atlantis"),
        ("XIAOER_ALLOWED_ORIGINS", "shop.example"),
        ("XIAOER_TRUSTED_PROXIES", "proxy.example"),
        ("XIAOER_TRUSTED_PROXIES", "10.0.0.1/24"),
        ("XIAOER_TRUSTED_PROXIES", "0.0.0.0/0"),
        ("XIAOER_ALLOWED_ORIGINS", "https://shop.example/pages"),
        ("XIAOER_PUBLIC_URL", "kefu.shop.example"),
        ("XIAOER_PUBLIC_URL", "https://shop.example/kefu"),
        ("XIAOER_PUBLIC_URL", "https://a.example,https://b.example"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_naming_the_setting(name: str, value: str):
    """The message says which setting, what was expected and what came."""
    with pytest.raises(NotConfigured, match=name) as refusal:
        load({name: value})
    assert "应为" in str(refusal.value)
    assert value in str(refusal.value)


def test_a_value_that_may_hold_a_password_is_not_shown():
    """Errors end in logs and in screenshots."""
    with pytest.raises(NotConfigured, match="XIAOER_DATABASE_URL") as refusal:
        load({"XIAOER_DATABASE_URL": "user:hush@host/desk"})
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize("value", ["short", "k" * 40 + ",", "k" * 40 + ",short"])
def test_a_key_that_encrypts_must_be_long_and_is_not_shown(value: str):
    """Each of several."""
    with pytest.raises(NotConfigured, match=r"XIAOER_PICTURE_KEY.*32") as refusal:
        load({"XIAOER_PICTURE_KEY": value})
    assert "short" not in str(refusal.value)
    assert load({"XIAOER_PICTURE_KEY": "k" * 40 + "," + "o" * 40}).picture_key.count(",") == 1


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_in_a_port_is_a_port_or_a_clear_refusal(text: str):
    """No value makes the program fail in another way."""
    try:
        assert 0 < load({"XIAOER_DESK_PORT": text}).desk_port < 65536
    except NotConfigured as e:
        assert "XIAOER_DESK_PORT" in str(e)  # noqa: PT017 - both outcomes are right, no third one is


def test_a_fixed_today_is_the_clock_and_takes_the_shops_zone():
    """Everything that depends on the date can be repeated."""
    assert load({"XIAOER_TODAY": "2026-11-21T10:00"}).now().isoformat() == "2026-11-21T10:00:00+08:00"
    assert load({"XIAOER_TODAY": "2026-11-21T10:00Z"}).now().utcoffset() == timedelta(0)


def test_without_a_fixed_today_the_clock_runs_in_the_shops_zone():
    """Days begin when the shop's day begins."""
    now = load({"XIAOER_TIMEZONE": "America/New_York"}).now()
    assert abs(now - datetime.now(now.tzinfo)) < timedelta(seconds=5)
    assert str(now.tzinfo) == "America/New_York"


def test_proof_tries_are_counted_in_postgresql_when_the_desk_is_there():
    """Several desk processes must share the count."""
    settings = load({"XIAOER_DATABASE_URL": "postgres://u:p@db/desk"})
    assert settings.access_url == settings.database_url == "postgresql://u:p@db/desk"


def test_secrets_and_passwords_do_not_show_in_repr():
    """Settings may be logged."""
    secret = {name_of(f.name): f"secret://{f.name}-hush-{'0' * 20}" for f in fields(Settings) if not f.repr}
    assert "hush" not in repr(load(secret))


def test_trusted_proxies_are_addresses_or_networks():
    """This machine's own unless told otherwise; an empty text trusts none."""
    assert load({}).trusted_proxies == ("127.0.0.1", "::1")
    assert load({"XIAOER_TRUSTED_PROXIES": ""}).trusted_proxies == ()
    given = load({"XIAOER_TRUSTED_PROXIES": "10.0.0.5, 2001:db8::/32"})
    assert given.trusted_proxies == ("10.0.0.5", "2001:db8::/32")


def test_origins_lose_their_trailing_slash():
    """Browsers send none."""
    settings = load({"XIAOER_ALLOWED_ORIGINS": "https://a.example/, http://b.example:81"})
    assert settings.allowed_origins == ("https://a.example", "http://b.example:81")
    assert load({"XIAOER_PUBLIC_URL": "https://a.example/"}).public_url == "https://a.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XIAOER_LLM_BASE_URL", "llm.example/v1"),
        ("XIAOER_LLM_BASE_URL", "ftp://llm.example"),
        ("XIAOER_LLM_DAILY_TOKENS", "1.5"),
        ("XIAOER_LLM_DAILY_TOKENS", "-1"),
        ("XIAOER_LLM_DAILY_MONEY", "ten"),
        ("XIAOER_LLM_PRICE_IN", "-2"),
        ("XIAOER_LLM_PRICE_OUT", "NaN"),
        ("XIAOER_LLM_DRAFT", "maybe"),
    ],
)
def test_what_a_language_model_cannot_be_told_is_named(name: str, value: str):
    """A budget that is misread would be none."""
    with pytest.raises(NotConfigured, match=name):
        load({name: value})


def test_a_budget_in_yuan_needs_prices():
    """Without them nothing would ever count against it."""
    with pytest.raises(NotConfigured, match="XIAOER_LLM_PRICE_IN"):
        load({"XIAOER_LLM_DAILY_MONEY": "20"})
    assert load({"XIAOER_LLM_DAILY_MONEY": "20", "XIAOER_LLM_PRICE_OUT": "8"}).llm_daily_money == 20
