"""Accounts for trying Xiaoer out. Their password is public, so they exist on a loopback address only."""

from __future__ import annotations

from django.conf import settings

from bot.errors import NotConfigured
from desk.people.models import Agent

PASSWORD = "xiaoer-demo"  # noqa: S105 - public on purpose, see above
ACCOUNTS = (("owner", "店主", Agent.Role.OWNER), ("agent", "小美", Agent.Role.AGENT))


def seed() -> list[tuple[str, str, str]]:
    """Make the demo accounts, or put them right; returns (username, password, role) of each.

    Raises:
        NotConfigured: This is not the demo, or the desk listens on an address that others reach.
    """
    if not settings.XIAOER.demo:
        raise NotConfigured("没有开演示店(XIAOER_DEMO),不建演示账号;xiaoer init 会建店主")
    if not settings.ON_LOOPBACK:
        raise NotConfigured(
            f"演示账号的密码是公开的,不能在 {settings.XIAOER.public_url or settings.XIAOER.desk_host} 上开放;"
            "正式开店请运行 xiaoer init"
        )
    return [_seed(*account) for account in ACCOUNTS]


def _seed(username: str, display_name: str, role: Agent.Role) -> tuple[str, str, str]:
    owner = role is Agent.Role.OWNER
    agent, _ = Agent.objects.get_or_create(username=username)
    agent.display_name, agent.role = display_name, role
    agent.is_staff = agent.is_superuser = owner
    agent.is_active, agent.must_change_password = True, False
    if not agent.check_password(PASSWORD):
        agent.set_password(PASSWORD)
    agent.save()
    return username, PASSWORD, role.value
