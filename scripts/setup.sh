#!/bin/sh
# setup.sh run|dev [web]: find Python 3.10, make .venv with it, and hand over to install.py. Safe to repeat.
set -eu
cd "$(dirname "$0")/.."

is_310() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }

from_pyenv() {
  command -v pyenv >/dev/null 2>&1 || return 1
  for version in $(cat .python-version) $(pyenv versions --bare 2>/dev/null | grep '^3\.10\.' | sort -rV); do
    prefix=$(PYENV_VERSION=$version pyenv prefix 2>/dev/null) || continue
    python=$prefix/bin/python3.10
    is_310 "$python" && return 0
  done
  return 1
}

from_path() { python=$(command -v python3.10) && is_310 "$python"; }

from_uv() {
  uv=$(command -v uv) || return 1
  python=$("$uv" python find 3.10 2>/dev/null) && is_310 "$python" && return 0
  echo "用 uv 下载 Python 3.10……" >&2
  "$uv" python install -q 3.10 >&2 && python=$("$uv" python find 3.10 2>/dev/null) && is_310 "$python"
}

# A folder that was moved or copied holds scripts that point to its old place.
in_place() { [ "$(cat .venv/place 2>/dev/null)" = "$PWD" ] && .venv/bin/python -m pip --version >/dev/null 2>&1; }

if ! is_310 .venv/bin/python || ! in_place; then
  python=${PYTHON:-}
  if [ -n "$python" ]; then
    is_310 "$python" || { echo "PYTHON=$python 不是带 venv 的 Python 3.10。" >&2; exit 2; }
  elif ! { from_pyenv || from_path || from_uv; }; then
    echo "没有找到 Python 3.10(Rasa 不支持更新的版本)。请先安装:pyenv install 3.10,或 uv python install 3.10,或系统的 python3.10 和 python3.10-venv;然后再运行一次。" >&2
    exit 2
  fi
  rm -rf .venv
  "$python" -m venv .venv || { rm -rf .venv; echo "用 $python 建不了 .venv(磁盘满了,或缺少 python3.10-venv)。" >&2; exit 2; }
  echo "$PWD" > .venv/place
fi
exec .venv/bin/python -m scripts.install "$@"
