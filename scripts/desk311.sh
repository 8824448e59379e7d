#!/bin/sh
# The desk's tests on Python 3.11 without Rasa, in an environment of their own (.venv311).
set -eu
cd "$(dirname "$0")/.."
is_311() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; }

if ! is_311 .venv311/bin/python; then
  python=
  for candidate in "$(command -v python3.11 || true)" /usr/bin/python3.11 "$HOME"/.pyenv/versions/3.11.*/bin/python3.11; do
    if [ -n "$candidate" ] && is_311 "$candidate"; then python=$candidate; break; fi
  done
  if [ -z "$python" ]; then
    echo "No Python 3.11 with venv on this machine: the desk is not tested on it here."
    exit 0
  fi
  rm -rf .venv311
  "$python" -m venv .venv311
fi
.venv311/bin/python -m scripts.install dev
exec .venv311/bin/python -m pytest -q -m "not rasa and not browser" -p no:cacheprovider \
  tests/unit/settings tests/unit/shop tests/unit/desk tests/contract tests/integration/desk
