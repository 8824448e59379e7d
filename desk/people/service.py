"""Making and changing accounts."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from bot.errors import BadInput
from desk.errors import DeskError
from desk.people.models import Agent


def create_owner(username: str, display_name: str = "店主") -> str:
    """Make an owner and return a one-time password, which the first log-in must replace.

    Raises:
        BadInput: The name is taken or not usable.
    """
    username = username.strip()
    if not username or not username.isascii() or not username.replace("_", "").replace("-", "").isalnum():
        raise BadInput(f"登录名只能有英文字母、数字、- 和 _,却是 {username!r}")
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        if Agent.objects.filter(username=username).exists():
            raise BadInput(f"登录名 {username} 已经有了;换一个,或在 /admin/ 里重设密码")
        Agent.objects.create_superuser(
            username,
            password=password,
            display_name=display_name,
            role=Agent.Role.OWNER,
            must_change_password=True,
        )
    return password


def change_password(agent: Agent, old: str, new: str) -> None:
    """Replace the password; raises DeskError saying what is wrong with it."""
    if not agent.check_password(old):
        raise DeskError("bad_login")
    try:
        validate_password(new, agent)
    except ValidationError as e:
        raise DeskError("weak_password", why=" ".join(e.messages)) from None
    if new == old:
        raise DeskError("weak_password", why="新密码不能与旧密码相同。")
    agent.set_password(new)
    agent.must_change_password = False
    agent.save(update_fields=["password", "must_change_password"])
