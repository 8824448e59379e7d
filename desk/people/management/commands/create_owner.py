"""`python -m desk create_owner NAME`: an owner with a one-time password, which is printed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bot.errors import BadInput
from desk.people.service import create_owner


class Command(BaseCommand):
    """See the module."""

    help = "Make an owner with a one-time password"

    def add_arguments(self, parser: CommandParser) -> None:
        """The user name."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the password."""
        try:
            self.stdout.write(create_owner(options["username"]))
        except BadInput as e:
            raise CommandError(str(e)) from None
