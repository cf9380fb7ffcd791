#!/bin/sh
# Make .venv with the given Python. Debian ships `venv` apart from Python: as root it is installed, otherwise the one
# command that would install it is named.
set -eu
python=$1
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Haedap needs Python 3.11 or newer; $python is $("$python" --version 2>&1). Name another: make setup PYTHON=python3.12" >&2
    exit 1
}
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $package ..."
        apt-get -qq -o DPkg::Lock::Timeout=300 update
        DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$package" >/dev/null
    else
        echo "Python's venv module is missing. Install it with: sudo apt-get install $package" >&2
        exit 1
    fi
fi
if .venv/bin/python -c 'import pip, sys; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null && [ "$(.venv/bin/python -V)" = "$("$python" -V)" ]; then
    exit 0  # pip brings what changed; programs that run from here keep running
fi
echo "Making the environment in .venv (once; takes a minute) ..."
"$python" -m venv --clear .venv
