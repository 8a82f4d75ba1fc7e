#!/usr/bin/env bash
# Installs the gong of one hamlet on this Raspberry Pi (Debian 12, 13, Raspberry Pi OS), from the folder that
# `keng enrol` wrote on the commune's machine. Run it as often as you like: what exists stays. From a checkout it needs
# internet; from a bundle (keng-bundle/install.sh, see BUNDLE.md) it does not.
#
#   sudo bash deploy/node.sh FOLDER               this box, for the first time or after an update of the program
#   sudo bash deploy/node.sh FOLDER --replace     this card was another box, or has new keys: be this one now
#   sudo bash deploy/node.sh FOLDER --card NAME   with this sound card (aplay -L)
#   sudo bash deploy/node.sh FOLDER --no-start    where no systemd runs (an image): nothing is started
#   sudo bash keng-bundle/install.sh --program-only --program DIR    the bundle's program into a venv in DIR, no more
#
# Exit codes: 0 done; 1 a sentence says what is wrong; 3 done and started, but the doctor has something to mend.
# For tests: --root DIR puts everything below DIR (no packages, no user, no systemd); --program VENV is used as it is.
set -euo pipefail
umask 022
# shellcheck source=deploy/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=deploy/offline.sh
. "$ROOT/deploy/offline.sh"
# shellcheck source=deploy/versions.sh
. "$ROOT/deploy/versions.sh"

! in_bundle || BASH_ARGV0="$ROOT/install.sh" # what is told to be run is what checks the bundle first
start=yes program_only=no
prefix="" program=/opt/keng folder="" replace=no card=""
while [ $# -gt 0 ]; do
    case $1 in
    --root) prefix="$(realpath -m "${2:?}")" && shift ;;
    --program) program="${2:?}" && shift ;;
    --card) card="${2:?}" && shift ;;
    --replace) replace=yes ;;
    --no-start) start=no ;;
    --program-only) program_only=yes ;;
    -h | --help)
        sed -n '2,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" | if in_bundle; then sed 's#deploy/node.sh#keng-bundle/install.sh#'; else cat; fi >&2
        exit 0
        ;;
    -*) die "Không hiểu: $1. Xem: bash $0 --help" "Not understood: $1. See: bash $0 --help" ;;
    *) folder="$1" ;;
    esac
    shift
done
if [ "$program_only" = yes ]; then
    in_bundle || die "--program-only: chỉ dùng với bộ cài (keng-bundle/install.sh)." "--program-only: of a bundle alone."
    need_bundle_program "$program"
    exit 0
fi
[ -n "$folder" ] || die "Thiếu thư mục do keng enrol viết. Ví dụ: sudo bash $0 thon-1" \
    "The folder that keng enrol wrote is missing. Example: sudo bash $0 thon-1"
etc="$prefix/etc/keng" owner=keng
for file in node.yaml password node.key ca.crt; do
    # The first start of a card takes its secrets off the boot partition; an update of the program needs them no more.
    [ -s "$folder/$file" ] || { [ -s "$etc/$file" ] && [ "$file" != node.yaml ]; } || die "Không có $folder/$file. Hãy chép lại cả thư mục từ máy của xã." \
        "There is no $folder/$file. Copy the whole folder from the commune's machine again."
done
if [ -s "$folder/node.key" ] && [ -s "$folder/SHA256SUMS" ]; then
    (cd "$folder" && sha256sum --quiet --strict --check SHA256SUMS) >&2 || die \
        "Thư mục $folder bị hỏng (xem trên). Hãy chép lại cả thư mục từ máy của xã." \
        "The folder $folder is damaged (see above). Copy the whole folder from the commune's machine again."
fi
case $card in *[\"\\/\&]*) die "--card $card: không phải tên card." "--card $card: no name of a card." ;; esac

if [ -n "$prefix" ]; then
    owner=""
else
    if [ "$start" = yes ]; then needs_root; fi
    ! mountpoint -q /run/keng-root || die "Thẻ của hộp này đang chỉ đọc. Hãy chạy: sudo bash deploy/layout.sh plain, khởi động lại, chạy lại lệnh này, rồi: sudo bash deploy/layout.sh readonly" \
        "This box has a read-only card. Run: sudo bash deploy/layout.sh plain, restart it, run this again, then: sudo bash deploy/layout.sh readonly"
    if in_bundle; then need_bundle_system; else need_system node; fi
    need_user gpio audio i2c
    if in_bundle && [ "$program" = /opt/keng ]; then
        if [ "$start" = yes ]; then stop_updater; fi
        place_version /opt/keng # beside the one that runs, and what updates itself
        program="$placed"
    elif in_bundle; then
        need_bundle_program "$program"
    else
        # shellcheck disable=SC2046 # one word or none
        need_program "$program" $(pins_extra) render
    fi
fi

# id_of FILE: the box it is about.
id_of() { sed -n 's/^node: *"\{0,1\}\([a-z0-9-]*\).*/\1/p' "$1"; }

node="$(id_of "$folder/node.yaml")"
[ -n "$node" ] || die "$folder/node.yaml: không có dòng node. Hãy ghi danh lại." "$folder/node.yaml has no line node. Enrol again."
before="$([ ! -e "$etc/node.yaml" ] || id_of "$etc/node.yaml")"
[ -s "$folder/node.key" ] || [ "$node" = "$before" ] || die \
    "Thẻ này là hộp $before, còn $folder (đã bỏ khóa) là của $node. Hãy chép lại cả thư mục từ máy của xã." \
    "This card is box $before, and $folder (without its key) is $node's. Copy the whole folder from the commune's machine."
unfinished=no # of this very box
if [ "$node" = "$before" ] && [ -e "$etc/node.key" ] && [ ! -s "$etc/node.key" ]; then unfinished=yes; fi
other=no # keys of another box, or of an earlier enrolling
if [ -s "$folder/node.key" ] && [ "$unfinished" = no ]; then
    for file in node.key password ca.crt; do
        if [ -s "$folder/$file" ] && [ -s "$etc/$file" ] && ! cmp -s "$folder/$file" "$etc/$file"; then other=yes; fi
    done
    if [ -n "$before" ] && ! cmp -s "$folder/node.key" "$etc/node.key"; then other=yes; fi
fi
if [ "$other" = yes ]; then
    # Without node.yaml they are leftovers of a run that was cut off: nobody is this box any more.
    [ "$replace" = yes ] || [ -z "$before" ] || die \
        "Thẻ này đang là hộp $before (hoặc $node ghi danh lần trước). Nếu đúng là muốn thay bằng $node, hãy thêm --replace." \
        "This card is box $before (or $node as it was enrolled before). If it shall be $node now, add --replace."
    [ -n "$prefix" ] || [ "$start" = no ] || systemctl stop keng-node 2>/dev/null || true
    # Another box's unsent alerts and counters are not this one's; nothing is thrown away. node.yaml goes last: while it is
    # there a run that was cut off is seen for what it was.
    stamp="$(date +%Y%m%d-%H%M%S)"
    for old in "$etc/node.key" "$etc/password" "$etc/ca.crt" "$prefix/var/lib/keng-node" "$etc/node.yaml"; do
        [ ! -e "$old" ] || mv "$old" "$old.${before:-cũ}-$stamp"
    done
fi

say "Các tệp của hộp $node (chỉ tạo tệp chưa có):" "Files of box $node (only those that are missing are made):"
for file in ca.crt password node.key node.yaml; do
    mode=600
    case $file in ca.crt | node.yaml) mode=644 ;; esac
    if [ ! -s "$etc/$file" ]; then # empty: the power went before what is in it was on the disk
        put_file "$folder/$file" "$etc/$file" "$mode" "$owner"
        if [ "$file" = node.yaml ] && [ -n "$card" ]; then sed -i "s/^  device: .*/  device: \"$card\"/" "$etc/node.yaml"; fi
    fi
done
changed=no
if put_file "$ROOT/systemd/keng-node.service" "$prefix/etc/systemd/system/keng-node.service" 644; then changed=yes; fi
put_watchdog "$prefix"
if [ -n "$placed" ] && put_updater_units "$prefix"; then changed=yes; fi
link_programs "$prefix"

cache="$prefix/var/cache/keng-node"
mkdir -p "$cache"
[ -z "$owner" ] || chown keng:keng "$cache"
if in_bundle; then
    copy_patterns "$cache"
    [ -z "$owner" ] || chown -R keng:keng "$cache"
fi
say "Đang tạo âm thanh kẻng…" "Rendering the gong's patterns…"
as_keng() { if [ -n "$owner" ]; then (cd / && runuser -u keng -- "$@"); else "$@"; fi; }
as_keng "$program/bin/python" -P -m patterns.prepare builtins "$cache" >/dev/null || die \
    "Không tạo được âm thanh, xem dòng trên. Hộp vẫn chạy được và sẽ tự tạo." \
    "The patterns could not be rendered; see above."

if [ -z "$prefix" ]; then
    # On plain Debian nobody but root may use the pins; Raspberry Pi OS has this rule already.
    if [ -e /dev/gpiochip0 ] && [ "$(stat -c %G /dev/gpiochip0)" != gpio ]; then
        printf 'SUBSYSTEM=="gpio", KERNEL=="gpiochip*", GROUP="gpio", MODE="0660"\n' >/etc/udev/rules.d/60-keng-gpio.rules
        { udevadm control --reload && udevadm trigger --subsystem-match=gpio; } || true
    fi
    install -d -m 750 -o keng -g keng /var/lib/keng-node
fi
layout="$(sed -n 's/.*"layout": *"\([a-z]*\)".*/\1/p' "$folder/box.json" 2>/dev/null || true)"
if [ -z "$prefix" ] && [ -n "$layout" ]; then
    if [ -e "$ROOT/deploy/layout.sh" ]; then
        bash "$ROOT/deploy/layout.sh" "$layout" || say "Chưa đặt được kiểu thẻ nhớ $layout, xem trên; kẻng vẫn chạy." \
            "The card's layout $layout could not be had, see above; the gong works all the same."
    elif [ "$layout" != plain ]; then
        say "Bộ cài này không có deploy/layout.sh: thẻ nhớ vẫn là kiểu thường." \
            "There is no deploy/layout.sh here: the card stays as it is."
    fi
fi
if [ -z "$prefix" ] && [ "$start" = no ]; then
    mkdir -p /etc/systemd/system/multi-user.target.wants
    ln -sfn ../keng-node.service /etc/systemd/system/multi-user.target.wants/keng-node.service
    [ -z "$placed" ] || start_updater no
fi
if [ -z "$prefix" ] && [ "$start" = yes ]; then
    systemctl daemon-reload
    if [ "$changed" = no ] && systemctl is-active --quiet keng-node; then
        say "Kẻng đang chạy, khởi động lại…" "The gong runs already; starting it again…"
    fi
    systemctl stop keng-node 2>/dev/null || true
    # Looked at while nothing holds pins and card.
    healthy=yes
    as_keng env LG_WD=/var/lib/keng-node "$program/bin/keng-node" doctor || healthy=no
    systemctl enable --quiet keng-node
    systemctl start keng-node || die "Kẻng không chạy được. Hãy xem: sudo journalctl -u keng-node -n 20" \
        "The gong does not start. See: sudo journalctl -u keng-node -n 20"
    if [ -n "$placed" ]; then
        start_updater yes
        clear_flat /opt/keng
    fi
    [ "$healthy" = yes ] || {
        say "Hãy sửa các dòng ✗ ở trên, rồi chạy lại lệnh này. Kẻng đã bật, sẽ tự chạy đúng khi sửa xong." \
            "Mend the lines with ✗ above, then run this again. The gong is on, and works as soon as they are mended."
        exit 3
    }
fi
say "Xong: hộp $node. Bấm thử nút 1 giây: kẻng kêu, đèn báo động nháy nhanh rồi sáng chậm khi xã đã nhận. Báo xã trước khi thử!" \
    "Done: box $node. Try a button for a second: the gong sounds, the lamp blinks fast, then pulses when the commune has it. Tell the commune first!"
say "Xóa thư mục $folder ở thẻ nhớ và máy xách tay: trong đó có mật khẩu." \
    "Delete the folder $folder from card and laptop: it holds a password."
