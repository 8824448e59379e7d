"""Behind a proxy the desk answers to its public name, and to no other that somebody made up."""

from __future__ import annotations

import runpy
from typing import Any

import pytest

from bot.settings import ROOT

PUBLIC = "https://kefu.shop.example"
SHOP = "https://www.shop.example"


def desk_settings(monkeypatch: pytest.MonkeyPatch, **env: str) -> dict[str, Any]:
    """desk/settings.py as a process with this environment reads it."""
    for name, value in env.items():
        monkeypatch.setenv(f"XIAOER_{name}", value)
    return runpy.run_path(str(ROOT / "desk" / "settings.py"))


def test_the_public_name_is_answered_and_its_forms_are_trusted(monkeypatch: pytest.MonkeyPatch):
    """An owner behind https://kefu.shop.example can log in there."""
    found = desk_settings(monkeypatch, PUBLIC_URL=PUBLIC, ALLOWED_ORIGINS=SHOP)
    assert "kefu.shop.example" in found["ALLOWED_HOSTS"]
    assert found["CSRF_TRUSTED_ORIGINS"] == [PUBLIC]
    assert "127.0.0.1" in found["ALLOWED_HOSTS"]


def test_the_shops_own_name_is_not_the_desks_where_a_public_one_is_told(monkeypatch: pytest.MonkeyPatch):
    """The shop's pages show the widget; they send no forms to the desk."""
    found = desk_settings(monkeypatch, PUBLIC_URL=PUBLIC, ALLOWED_ORIGINS=SHOP)
    assert "www.shop.example" not in found["ALLOWED_HOSTS"]


def test_without_a_public_name_the_origins_serve(monkeypatch: pytest.MonkeyPatch):
    """The desk's own may be among them."""
    found = desk_settings(monkeypatch, ALLOWED_ORIGINS=f"{SHOP},{PUBLIC}")
    assert {"www.shop.example", "kefu.shop.example"} <= set(found["ALLOWED_HOSTS"])
    assert found["CSRF_TRUSTED_ORIGINS"] == [SHOP, PUBLIC]


@pytest.mark.parametrize(
    ("public", "secure"), [(PUBLIC, True), ("http://kefu.shop.example", False), ("", False)]
)
def test_cookies_are_for_https_alone_where_the_public_name_is(
    monkeypatch: pytest.MonkeyPatch, public: str, secure: bool
):
    """Whatever the proxy forgets to say of the connection."""
    found = desk_settings(monkeypatch, PUBLIC_URL=public)
    assert found["SESSION_COOKIE_SECURE"] is secure
    assert found["CSRF_COOKIE_SECURE"] is secure


def test_nobody_can_say_by_a_header_that_the_connection_is_safe(monkeypatch: pytest.MonkeyPatch):
    """Only uvicorn reads the proxy's headers, from addresses it was told to believe."""
    assert "SECURE_PROXY_SSL_HEADER" not in desk_settings(monkeypatch, PUBLIC_URL=PUBLIC)
