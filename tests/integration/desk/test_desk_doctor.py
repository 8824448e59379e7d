"""`xiaoer doctor` looks into the desk's own rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from bot import checkup
from desk.conversations.models import Conversation
from tests.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(settings):
    """A shop of its own, whose desk is the one under test."""
    return replace(settings.XIAOER, demo=False, database_url=f"sqlite:///{connection.settings_dict['NAME']}")


@pytest.mark.parametrize("address", ["127.0.0.1", "172.17.0.1"])
def test_a_proxy_that_hides_every_address_is_noticed(new_shopper, shop, address):
    """Ten shoppers from one private address: the limits by address would fit nobody."""
    for _ in range(10):
        new_shopper()
    Conversation.objects.update(client=address)
    (hint,) = checkup._proxy(shop)
    assert address in hint.what
    assert "XIAOER_TRUSTED_PROXIES" in hint.advice


def test_shoppers_with_addresses_of_their_own_are_no_news(new_shopper, shop):
    """Nor are a few from one place, a single public address, a desk without tables or a demo."""
    rows = [new_shopper().row() for _ in range(10)]
    assert list(checkup._proxy(replace(shop, demo=True))) == []
    assert list(checkup._proxy(replace(shop, database_url="sqlite:////nowhere/desk.sqlite3"))) == []
    Conversation.objects.update(client="114.114.114.114")
    assert list(checkup._proxy(shop)) == []
    Conversation.objects.update(client="127.0.0.1")
    Conversation.objects.filter(pk=rows[0].pk).update(client="114.114.114.114")
    assert list(checkup._proxy(shop)) == []


def test_pictures_whose_key_is_gone_are_counted(shopper, settings):
    """Whether it was left out or lost; with the old key behind the new one, all open again."""
    old, new = "the key of last year, 32 characters", "the key of this year, 32 characters"

    def found(keys):
        shop = replace(settings.XIAOER, database_url=f"sqlite:///{connection.settings_dict['NAME']}")
        return list(checkup._pictures(replace(shop, picture_key=keys)))

    assert found(new) == []
    for keys in (old, old, f"{new},{old}"):
        settings.XIAOER = replace(settings.XIAOER, picture_key=keys)
        assert shopper.send(picture()).status_code == 201
    assert found(f"{new}, {old}") == found(f"{old},{new}") == []
    (hint,) = found(new)
    assert hint.mark is checkup.Mark.HINT
    assert "2 张" in hint.what
    assert "逗号" in hint.advice
    assert "3 张" in found("")[0].what
