"""What set-up has made in .venv and web/, and whether it is still whole.

Needs the standard library and pip alone: set-up asks before anything else is there.
"""

from __future__ import annotations

import hashlib
import re
import sysconfig
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from os.path import exists
from pathlib import Path
from typing import Any

SITE = Path(sysconfig.get_path("purelib"))
LISTS = {".dist-info": "RECORD", ".egg-info": "installed-files.txt"}
"""What a package's own folder in SITE is called, and where in it stand the files of the package."""
STAMP = "stamp"
"""The file in web/dist that says what it was built of."""
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?: ; (.*?))? *\\?$", re.MULTILINE)


def wanted_packages(lock: str) -> dict[str, str]:
    """The versions by name that a lock asks for on this machine."""
    marker_of = _packaging("markers").Marker

    @cache
    def applies(marker: str) -> bool:
        return not marker or bool(marker_of(marker).evaluate())

    return {name: version for name, version, marker in _PINNED.findall(lock) if applies(marker)}


def damaged_packages(wanted: Mapping[str, str], site: Path = SITE) -> dict[str, str]:
    """Those that are not there in just this version with all their files: name to what is wrong, in words."""
    version_of = _packaging("version").Version
    there = _records(site)
    damaged = {}
    for name, version in wanted.items():
        records = there.get(plain(name), [])
        if not records:
            damaged[name] = f"未安装(应为 {version})"
        elif version_of(version) not in {version_of(record.stem.split("-")[1]) for record in records}:
            damaged[name] = f"版本不对(应为 {version})"
        elif not all(map(is_whole, records)):
            damaged[name] = "文件不全"
    return damaged


def records_of(name: str, site: Path = SITE) -> list[Path]:
    """The folders in which a package says what belongs to it."""
    return _records(site).get(plain(name), [])


def is_whole(record: Path) -> bool:
    """Whether all files that a package was installed with are there; compiled ones make themselves."""
    try:
        lines = (record / LISTS[record.suffix]).read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    if record.suffix == ".dist-info":
        beside, lines = f"{record.parent}/", [line.rsplit(",", 2)[0].strip('"') for line in lines]
    else:
        beside = f"{record}/"
    files = (beside + line for line in lines if not line.endswith(".pyc"))
    return bool(lines) and all(map(exists, files))  # thirty thousand in all; a Path each would take a second


def plain(name: str) -> str:
    """A package's name as all its spellings agree on it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def web_hash(web: Path) -> str:
    """Changes with the front end's sources and with what was built of them."""
    sources = (path for path in _files(web) if path.relative_to(web).parts[0] != "dist")
    dist = (path for path in _files(web / "dist") if path.name != STAMP)
    return f"{hash_of(sources, web)}\n{hash_of(dist, web)}\n"


def is_built(web: Path) -> bool:
    """Whether web/dist is just what the last build made, and of the sources as they are now."""
    stamp = web / "dist" / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == web_hash(web)


def hash_of(paths: Iterable[Path], root: Path) -> str:
    """One hash over the files' names below `root` and their contents."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """Every file below it in a fixed order, without looking into node_modules."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file():
            yield path
        elif path.name != "node_modules":
            yield from _files(path)


def _packaging(topic: str) -> Any:
    """`packaging` may be what has gone; pip, which set-up cannot do without, brings its own."""
    try:
        return import_module(f"packaging.{topic}")
    except ImportError:
        return import_module(f"pip._vendor.packaging.{topic}")


def _records(site: Path) -> dict[str, list[Path]]:
    found = defaultdict(list)
    for path in site.iterdir():
        if path.suffix in LISTS and "-" in path.stem:
            found[plain(path.name.split("-")[0])].append(path)
    return found
