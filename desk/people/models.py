"""The shop's own people: agents and owners."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class Agent(AbstractUser):
    """Someone who logs in to answer shoppers; an owner also sees the back office."""

    class Role(models.TextChoices):
        """What one may do."""

        OWNER = "owner", "店主"
        AGENT = "agent", "客服"

    display_name = models.CharField("显示名", max_length=64, blank=True)
    """What shoppers see."""
    role = models.CharField("角色", max_length=8, choices=Role.choices, default=Role.AGENT)
    must_change_password = models.BooleanField("须修改密码", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "客服人员"

    @property
    def shown_name(self) -> str:
        """The display name, else the user name."""
        return self.display_name or self.username
