"""`python -m desk seed_demo`: the demo accounts, one a line: user name, password, role."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from desk.people.demo import seed


class Command(BaseCommand):
    """See the module."""

    help = "Make the demo accounts"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was made."""
        for account in seed():
            self.stdout.write("\t".join(account))
