#!/usr/bin/env bash
# A commune of five hamlets on this machine: installs what is missing, then runs until Ctrl-C.
#
#   bash deploy/demo.sh                     with a screen, to look at and to press
#   bash deploy/demo.sh --headless          for programs: one line of JSON when all is ready
#   bash deploy/demo.sh --help              everything else
set -euo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need_system demo
need_python render commune demo
unset PYTHONHOME
# -P: the folder one happens to be in is no place to import from. exec: a signal to this script reaches the demo itself.
PYTHONPATH="$ROOT" exec "$VENV/bin/python" -P -m deploy.demo "$@"
