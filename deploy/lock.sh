#!/usr/bin/env bash
# Writes deploy/requirements/*.txt anew: which libraries, in which version, with which SHA-256, a machine that is
# installed for good gets (deploy/lib.sh, need_program). One file for each set of extras that a script installs with.
#
#   make lock          keep the versions that are there, add and drop what pyproject.toml says
#   make lock ARGS=-U  take the newest of all; then run the whole suite
#
# What must hold: one version of a library for Python 3.11 and 3.13 alike, x86_64, aarch64 and armv7, and the same in
# every file; what builds our own wheel is in them too. tests/deploy/test_lock.py holds them to pyproject.toml.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/lib.sh
. deploy/lib.sh

tools=.venv-lock folder=deploy/requirements
[ -x "$tools/bin/uv" ] || { python3 -m venv "$tools" && "$tools/bin/pip" install --quiet --disable-pip-version-check 'uv>=0.5,<1'; }
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
"$tools/bin/python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' >"$work/build.in"

# compile OUT FLAG…: universal, for all architectures and for every Python from 3.11 on.
compile() {
    local out="$1"
    shift
    "$tools/bin/uv" pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --no-header --generate-hashes \
        --output-file "$out" "$@" pyproject.toml "$work/build.in"
}

# All together first, from what is there now, so that no two files differ in a version.
sed -s '/^#/d' "$folder"/*.txt 2>/dev/null | sort -u | grep -E '^[a-z0-9]' | sed 's/ *\\$//' >"$work/before.txt" || true
cp "$work/before.txt" "$work/all.txt"
compile "$work/all.txt" --extra commune --extra render --extra pi "$@"
sed 's/ *\\$//; /^ /d' "$work/all.txt" >"$work/versions.txt"
for set in commune-render render pi-render; do
    rm -f "$work/one.txt"
    flags=()
    for extra in ${set//-/ }; do flags+=(--extra "$extra"); done
    compile "$work/one.txt" --constraint "$work/versions.txt" --no-annotate "${flags[@]}"
    {
        echo "# Written by \`make lock\`. The libraries of an installed machine (extras: ${set//-/, }), each held to its SHA-256."
        sed 's/ *$//' "$work/one.txt"
    } >"$folder/$set.txt"
    say "  + $folder/$set.txt" "    $(grep -c '==' "$folder/$set.txt") libraries"
done
