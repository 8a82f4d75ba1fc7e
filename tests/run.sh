#!/usr/bin/env bash
# Installs what is missing, then the whole default suite; beside it, with the time it leaves, static checks and the pure
# tests on Python 3.13 where that is installed. The last lines are pytest's own summary, or what failed beside it.
#
#   bash tests/run.sh                   everything
#   bash tests/run.sh --install-only    for `make setup`
#   bash tests/run.sh --install-bench   for `make bench`: its peers too
#   bash tests/run.sh --install-boots   for `make boots`: what makes and boots a Debian
#   bash tests/run.sh --install-mutate  for `make mutate`: the mutation tester too
#   bash tests/run.sh --install-arm     for `make arm`: debootstrap and qemu, and nothing of the tests
#   bash tests/run.sh -k press -x       pytest's own arguments: the suite alone, without the checks
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/lib.sh
. deploy/lib.sh

case "${1:-}" in
--install-bench)
    need_system bench
    need_python render commune demo dev preview
    exit 0
    ;;
--install-arm)
    need_system arm
    need_python render
    exit 0
    ;;
--install-boots)
    need_system boots
    exit 0
    ;;
--install-mutate)
    need_system dev
    need_python render commune demo dev mutate
    exit 0
    ;;
*)
    need_system dev
    need_python render commune demo dev
    ;;
esac
[ "${1:-}" != --install-only ] || exit 0

python313() { # the first one that runs
    local one
    for one in python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13; do
        if "$one" -c 'import ensurepip' 2>/dev/null; then echo "$one"; return; fi
    done
}

pure_on_313() { # a venv of its own: the wheels of another Python fit nothing
    local python venv=.venv313
    python="$(python313)"
    [ -n "$python" ] || { say "Không có Python 3.13: bỏ qua phần đó." "No Python 3.13 here: that part is skipped."; return 0; }
    say "Phần thuần túy trên Python 3.13…" "The pure part on Python 3.13…"
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    if [ "$(cat "$venv/.stamp" 2>/dev/null)" != "$(cksum <pyproject.toml)" ]; then
        "$venv/bin/pip" install --quiet --disable-pip-version-check -e '.[render,commune]' pytest pytest-timeout pytest-xdist hypothesis jsonschema openpyxl playwright pmtiles polib 'psycopg[binary]' pypdf
        cksum <pyproject.toml >"$venv/.stamp"
    fi
    # What another Python may break is the language: the rooms' own tests show it. What they do together is no other there.
    KENG_EXAMPLES=short "$venv/bin/python" -m pytest -q -n 2 -m pure --no-header -p no:cacheprovider -W error::DeprecationWarning:node \
        -W error::DeprecationWarning:wire tests/wire tests/patterns tests/node tests/broker tests/console
}

besides() { # the checks and the other Python; SCHED_IDLE takes only what the suite leaves, and it waits a third of its time
    chrt --idle --pid 0 $BASHPID 2>/dev/null || renice -n 19 $BASHPID >/dev/null
    make --no-print-directory check
    if [ "$("$VENV/bin/python" -c 'import sys; print(sys.version_info[:2] >= (3, 13))')" = False ]; then
        pure_on_313
    fi
}

if [ "${1:-}" = --besides ]; then
    besides
    exit 0
fi

suite() { # Most tests wait for real sounds, links and processes: four at a time use two cores and starve nobody
    "$VENV/bin/python" -m pytest -n 4 --dist loadfile "$@"
}

if [ $# != 0 ]; then
    suite "$@"
    exit 0
fi

log="$(mktemp)"
setsid bash tests/run.sh --besides >"$log" 2>&1 &
beside=$!
trap 'kill -- -$beside 2>/dev/null || true; rm -f "$log"' EXIT
say "Kiểm tra tĩnh và Python 3.13 chạy bên cạnh; có lỗi thì in ra ở cuối." "The static checks and Python 3.13 run beside; if they fail, it is told at the end."
ended=0
suite || ended=$?
if ! wait "$beside"; then
    cat "$log"
    say "Kiểm tra tĩnh hoặc Python 3.13 có lỗi: xem ở trên." "The static checks or Python 3.13 failed: see above."
    exit 1
fi
exit "$ended"
