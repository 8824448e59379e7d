"""Set-up sees what has gone since it was done: packages, their files, parts of the built front end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.installed import STAMP, damaged_packages, is_built, wanted_packages, web_hash
from bot.settings import ROOT

WANTED = {"httpx": "0.28.1", "ruamel-yaml": "0.17.21", "docopt": "0.6.2"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site-packages as pip leaves it: two wheels, and one package that was installed the old way."""
    for record, files in {
        "httpx-0.28.1.dist-info": ["../bin/httpx", "httpx/__init__.py", "httpx/_api.py"],
        "ruamel.yaml-0.17.21.dist-info": ["ruamel/yaml/main.py"],
        "docopt-0.6.2-py3.10.egg-info": ["../docopt.py", "PKG-INFO"],
    }.items():
        folder = tmp_path / "site" / record
        folder.mkdir(parents=True)
        if record.endswith(".dist-info"):
            base, listed = folder.parent, folder / "RECORD"
            lines = [f"{name},sha256=x,1" for name in files] + [f"{record}/RECORD,,", "a.cpython-310.pyc,,"]
        else:
            base, listed = folder, folder / "installed-files.txt"
            lines = [*files, "../__pycache__/docopt.cpython-310.pyc"]
        for name in files:
            (base / name).parent.mkdir(parents=True, exist_ok=True)
            (base / name).write_text("")
        listed.write_text("\n".join(lines) + "\n")
    return tmp_path / "site"


def test_whole_packages_are_left_alone(site: Path):
    """However they were installed, and however their names are spelt."""
    assert damaged_packages(WANTED, site) == {}


@pytest.mark.parametrize(
    ("gone", "package"),
    [
        ("httpx", "httpx"),
        ("httpx/_api.py", "httpx"),
        ("../bin/httpx", "httpx"),
        ("httpx-0.28.1.dist-info", "httpx"),
        ("httpx-0.28.1.dist-info/RECORD", "httpx"),
        ("ruamel/yaml", "ruamel-yaml"),
        ("docopt.py", "docopt"),
    ],
)
def test_what_was_deleted_is_missed(site: Path, gone: str, package: str):
    """A folder, a file, a command, or pip's own notes."""
    path = site / gone
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    assert list(damaged_packages(WANTED, site)) == [package]


def test_another_version_is_no_good(site: Path):
    """The lock decides."""
    assert damaged_packages({**WANTED, "httpx": "0.27"}, site) == {"httpx": "版本不对(应为 0.27)"}


def test_versions_are_compared_as_versions(site: Path):
    """1.0 and 1.0.0 are one."""
    assert damaged_packages({"docopt": "0.6.2.0"}, site) == {}


def test_what_the_lock_asks_for_leaves_out_other_machines():
    """A counter that counts Windows' packages on Linux never reaches its end."""
    lock = (
        "# made by make lock\n"
        "httpx==0.28.1 \\\n    --hash=sha256:0==1\n"
        "rasa==3.6.21 ; python_full_version < '3.11' and sys_platform == 'nowhere' \\\n    --hash=sha256:1\n"
        "colorama==0.4.6 ; sys_platform != 'nowhere'\n"
    )
    assert wanted_packages(lock) == {"httpx": "0.28.1", "colorama": "0.4.6"}


def test_this_installation_is_whole():
    """Real packages come in more shapes than the ones above."""
    lock = ROOT / "requirements" / "run.txt"
    assert damaged_packages(wanted_packages(lock.read_text(encoding="utf-8"))) == {}


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A front end that was built a moment ago."""
    for name in (
        "package.json",
        "src/main.ts",
        "node_modules/vue/index.js",
        "dist/chat.html",
        "dist/assets/a.js",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "dist" / STAMP).write_text(web_hash(tmp_path))
    return tmp_path


def test_a_build_is_used_until_something_changes(web: Path):
    """The packages that it was built with are not part of it."""
    assert is_built(web)
    shutil.rmtree(web / "node_modules")
    assert is_built(web)


@pytest.mark.parametrize("gone", ["dist/chat.html", "dist/assets/a.js", "dist/stamp", "src/main.ts"])
def test_a_build_that_lacks_a_file_is_made_again(web: Path, gone: str):
    """Half a folder shows half a page."""
    (web / gone).unlink()
    assert not is_built(web)


@pytest.mark.parametrize("changed", ["dist/assets/a.js", "src/main.ts", "package.json"])
def test_a_build_with_a_changed_file_is_made_again(web: Path, changed: str):
    """Whether the source or the result was changed."""
    (web / changed).write_text("other")
    assert not is_built(web)
