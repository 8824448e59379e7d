"""Logs without shoppers' words, and without the cost of lines that nobody writes."""

from __future__ import annotations

import copy
import logging
from types import SimpleNamespace
from typing import Any


def keep_free_of_messages() -> None:
    """Until its command line configures structlog, Rasa prints customer text at debug level."""
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)


def copy_nothing_for_debug() -> None:
    """Rasa deep-copies events, slots and states for debug lines that nobody gets: 0.5 ms a turn.

    In these three modules every `copy.deepcopy` is an argument of `structlogger.debug` (a test reads their
    source), which `keep_free_of_messages` turns into nothing. Anything else of `copy` is an AttributeError.
    """
    from rasa.core import processor
    from rasa.core.actions import forms
    from rasa.core.policies import rule_policy

    for module in (processor, forms, rule_policy):
        module.copy = SimpleNamespace(deepcopy=_itself, stock=copy)


def _itself(value: Any) -> Any:
    return value
