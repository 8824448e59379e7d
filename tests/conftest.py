"""What every test shares: a home of its own, no network, and services that are asked for by name."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings as hypothesis_settings

CI = os.environ.get("CI", "").lower() in {"1", "true"}
"""On CI every service is there: what would be skipped elsewhere fails."""

_HOME = tempfile.TemporaryDirectory(prefix="xiaoer-test-")
for _name in [name for name in os.environ if name.startswith("XIAOER_")]:
    del os.environ[_name]  # a developer's own settings have no say in tests
os.environ.update(
    XIAOER_HOME=_HOME.name,
    XIAOER_BOT_SECRET="test-bot-secret",
    XIAOER_DESK_SECRET="test-desk-secret-" + "0" * 50,
    XIAOER_SHOP_KEY="test-shop-key",
    XIAOER_PICTURE_KEY="test-picture-key-" + "0" * 30,
    DJANGO_SETTINGS_MODULE="desk.settings",
    NO_PROXY="127.0.0.1,localhost",
)

hypothesis_settings.register_profile("xiaoer", deadline=None)  # a busy machine is no bug
hypothesis_settings.load_profile("xiaoer")


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    _HOME.cleanup()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn skips into failures on CI: a test that never runs protects nothing."""
    report = yield
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped on CI: {call.excinfo.value if call.excinfo else ''}"
    return report


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home for one test."""
    return tmp_path / "var"


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A PostgreSQL database that tests may write to; skips where none answers."""
    return _service("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test", 5432)


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis that tests may write to; skips where none answers."""
    return _service("TEST_REDIS_URL", "redis://127.0.0.1:6379/0", 6379)


def _service(variable: str, default: str, port: int) -> str:
    url = os.environ.get(variable) or default
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), timeout=10).close()
    except OSError as e:
        pytest.skip(f"nothing answers at {parts.hostname}:{parts.port or port} ({e}); set {variable}")
    return url
