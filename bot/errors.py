"""The errors a user of Xiaoer can cause: each says what was expected, what came, and what to do."""

from __future__ import annotations


class XiaoerError(Exception):
    """Base of all our errors; `str()` is one line fit for a person, and the command line exits with 2."""


class BadInput(XiaoerError):
    """Something a user gave is not usable: a file, a field, an option."""


class NotConfigured(XiaoerError):
    """A setting is missing, unknown or out of its range."""


class ShopDown(XiaoerError):
    """The shop's system did not answer, or answered nonsense; nothing was done."""


class ModelMissing(XiaoerError):
    """There is no trained model that fits this code."""
