#!/usr/bin/env bash
# Installs the gong of one hamlet from this bundle, without internet; deploy/BUNDLE.md says it all.
#
#   sudo bash keng-bundle/install.sh FOLDER [--replace] [--card NAME] [--no-start]
#   bash keng-bundle/install.sh --check
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
command -v python3 >/dev/null || {
    printf 'Máy này không có python3. Hãy dùng Raspberry Pi OS (Bookworm, Trixie).\nThere is no python3 here. Use Raspberry Pi OS.\n' >&2
    exit 1
}
printf 'Đang kiểm tra bộ cài…\nChecking the bundle…\n' >&2
PYTHONDONTWRITEBYTECODE=1 python3 "$here/deploy/bundle/manifest.py" "$here" || exit 1
if [ "${1:-}" = --check ]; then
    printf 'Bộ cài đủ và đúng.\nThe bundle is whole.\n' >&2
    exit 0
fi
exec bash "$here/deploy/node.sh" "$@"
