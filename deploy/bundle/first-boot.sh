#!/usr/bin/env bash
# The first start of a card: makes this Pi the box whose folder lies beside the bundle on the boot partition.
#
#   bash first-boot.sh --enable [--no-start]    by cloud-init or firstrun.sh: have the second done, now and after restarts
#   bash first-boot.sh                          by keng-first-boot.service, until it has succeeded once
#
# What must hold: it never stands in the way of the boot; a fault is told in keng-first-boot.log on the boot partition,
# where a laptop can read it; the box's secrets do not stay on that partition.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
boot="${KENG_BOOT:-$(dirname "$here")}" root="${KENG_ROOT:-}"
unit=keng-first-boot.service log="$boot/keng-first-boot.log"

say() { printf '%s\n%s\n' "$1" "$2" >&2; }

if [ "${1:-}" = --enable ]; then
    install -D -m 644 "$here/systemd/$unit" "$root/etc/systemd/system/$unit"
    mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
    ln -sfn "../$unit" "$root/etc/systemd/system/multi-user.target.wants/$unit"
    # Nobody sits in front of it: a wizard that asks for a user's name would wait for ever.
    if [ -z "$root" ]; then
        systemctl disable --now userconfig.service 2>/dev/null
        systemctl daemon-reload
        [ "${2:-}" = --no-start ] || systemctl start --no-block "$unit"
    fi
    exit 0
fi

if [ -z "${KENG_LOGGED:-}" ]; then
    # Seen in the journal and on a laptop; the last attempt alone, for the card's sake.
    KENG_LOGGED=1 bash "${BASH_SOURCE[0]}" "$@" 2>&1 | tee "$log.new"
    code=${PIPESTATUS[0]}
    if cmp -s "$log.new" "$log"; then rm -f "$log.new"; else mv -f "$log.new" "$log"; fi
    exit "$code"
fi

# half_gone FOLDER: whether it is this box's, and the power went when one of its secrets was gone and the other not.
half_gone() {
    local left=node.key gone=password
    [ -e "$1/$left" ] || { left=password gone=node.key; }
    [ ! -e "$1/$gone" ] && [ -e "$1/$left" ] && cmp -s "$1/$left" "$root/etc/keng/$left"
}

found=()
for folder in "$boot"/*/; do
    ! half_gone "${folder%/}" || rm -f "$folder/password" "$folder/node.key"
done
for key in "$boot"/*/node.key; do
    [ ! -s "$key" ] || found+=("$(dirname "$key")")
done
if [ "${#found[@]}" = 0 ] && [ -s "$root/etc/keng/node.key" ]; then
    sync -f "$boot"
    rm -f "$root/etc/systemd/system/multi-user.target.wants/$unit" # the power went while this was said the first time
    exit 0
fi
if [ "${#found[@]}" != 1 ]; then
    say "Trên ổ bootfs phải có đúng một thư mục do keng enrol viết (có tệp node.key); đang thấy ${#found[@]}. Hãy tắt Pi, chép lại." \
        "The boot partition must hold exactly one folder that keng enrol wrote (with node.key); there are ${#found[@]}."
    exit 1
fi
code=0
# shellcheck disable=SC2086 # several words, of a test
bash "$here/install.sh" "${found[0]}" ${KENG_INSTALL:-} || code=$?
if [ "$code" != 0 ] && [ "$code" != 3 ]; then
    say "Chưa cài được (xem ở trên), sẽ thử lại." "Not installed yet (see above); it will be tried again."
    exit "$code"
fi
sync # their copies are on the disk; then they go, and that is on the disk before this is done for ever
rm -f "${found[0]}/password" "${found[0]}/node.key"
sync -f "$boot"
rm -f "$root/etc/systemd/system/multi-user.target.wants/$unit"
say "Đã cài xong hộp $(basename "${found[0]}"). Mật khẩu và khóa đã được lấy khỏi ổ bootfs." \
    "Box $(basename "${found[0]}") is installed. Its password and key are off the boot partition."
