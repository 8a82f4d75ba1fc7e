#!/usr/bin/env bash
# Makes the bundle from which boxes are installed without internet (deploy/BUNDLE.md). Run it once, and after an update
# of the program, on a machine with internet: the commune's, or a PC with Debian.
#
#   bash deploy/bundle.sh [DIR]                         for every Pi from the 2 on, Debian 12 and 13 (Raspberry Pi OS)
#   bash deploy/bundle.sh DIR --targets trixie-arm64    for Raspberry Pi OS Trixie 64-bit alone
set -euo pipefail
umask 022
# shellcheck source=deploy/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || die "Thiếu $keyring. Hãy cài: sudo apt install debian-archive-keyring" \
    "$keyring is missing: sudo apt install debian-archive-keyring"
have apt-get || die "Máy này không có apt; hãy tạo bộ cài trên Debian." "There is no apt here; make the bundle on Debian."
# The program that is installed here renders patterns and makes wheels; without one, the checkout's own.
python=/opt/keng/bin/python
(cd / && "$python" -P -c 'import numpy, hatchling, pip') 2>/dev/null || {
    need_python render
    python="$VENV/bin/python"
}
here="$PWD"
case "${1:-}" in "" | -*) set -- "$here/keng-bundle" "$@" ;; /*) ;; *)
    folder="$here/$1"
    shift
    set -- "$folder" "$@"
    ;;
esac
cd "$ROOT"
exec env PYTHONDONTWRITEBYTECODE=1 "$python" -m deploy.bundle "$@"
