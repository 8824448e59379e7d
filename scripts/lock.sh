#!/bin/sh
# Remake the locks: one file each for running and developing, for Linux, macOS and Windows, with hashes and without
# addresses. The markers leave rasa out on Python 3.11, where only the desk runs.
set -eu
cd "$(dirname "$0")/.."
if ! command -v uv >/dev/null 2>&1; then
  [ -x .venv-uv/bin/uv ] || { python3 -m venv .venv-uv && .venv-uv/bin/pip install -q uv; }
  PATH="$PWD/.venv-uv/bin:$PATH"
fi
lock() {
  name=$1; shift
  uv pip compile pyproject.toml "$@" --universal --python-version 3.10 --generate-hashes --no-emit-index-url \
    --no-annotate --custom-compile-command "make lock" -q -o "requirements/$name.txt"
  echo "requirements/$name.txt"
}
lock run
lock dev --extra dev
