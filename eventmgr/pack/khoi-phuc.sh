#!/bin/sh
# Bring the pack back on this machine and start. First argument: the folder to put it in (default: hoi-nghi in the home).
# PYTHON=/path/to/python uses an interpreter that has the packages already, instead of installing them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$HOME/hoi-nghi}
if [ -e "$target/instance/eventmgr.db" ]; then
    echo "Trong $target đã có dữ liệu. Chọn thư mục khác: sh khoi-phuc.sh THƯ-MỤC" >&2
    exit 1
fi
mkdir -p "$target"
cp -R "$here/phan-mem/." "$target/"
cd "$target"
if [ -n "${PYTHON:-}" ]; then
    python=$PYTHON
else
    python3 -m venv .venv
    python=.venv/bin/python
    if [ -d "$here/goi-python" ]; then
        $python -m pip install --quiet --no-index --find-links "$here/goi-python" -r requirements.txt
    else
        $python -m pip install --quiet -r requirements.txt
    fi
fi
export EVENTMGR_INSTANCE="${EVENTMGR_INSTANCE:-$target/instance}"
if [ -n "${PASSWORD_FILE:-}" ]; then
    "$python" -m flask --app app restore "$here/sao-luu.evb" --password-file "$PASSWORD_FILE"
else
    "$python" -m flask --app app restore "$here/sao-luu.evb"
fi
exec "$python" app.py
