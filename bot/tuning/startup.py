"""What must be set before Rasa is imported."""

from __future__ import annotations

import os
import sys


def quiet_tensorflow() -> None:
    """TensorFlow prints a dozen lines on import; Rasa imports it even where no component uses it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


def no_telemetry() -> None:
    """Rasa reports usage to its maker unless told otherwise; a self-hosted shop tells nobody."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")


def leave_out_jax() -> None:
    """TensorFlow's optional import of jax takes 0.1 GB and 1 s, for conversions that nothing here makes."""
    if "tensorflow" not in sys.modules:
        sys.modules.setdefault("jax", None)  # type: ignore[arg-type]
