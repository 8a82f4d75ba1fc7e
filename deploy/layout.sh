#!/usr/bin/env bash
# How the card of a box is laid out. Run it as often as you like; it takes effect with the next start of the box.
#
#   sudo bash deploy/layout.sh readonly     the card is only read; what must last is on a small partition of its own
#   sudo bash deploy/layout.sh plain        everything may be written, but nothing writes without need
#   sudo bash deploy/layout.sh off          as the system came
#   sudo bash deploy/layout.sh status       what it is now
#   sudo bash deploy/layout.sh with CMD…    on a read-only box: run a command whose changes stay (apt, nano)
#   sudo bash deploy/layout.sh data         make the data partition's file system anew: what it held is lost
#   sudo bash deploy/layout.sh card DISK    on a Linux laptop, with a card just written and not yet started (or its image):
#                                           put the data partition at its end
#
# For tests: --root DIR works on the system in DIR, without systemd and partitions.
set -euo pipefail
umask 022
# shellcheck source=deploy/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

LABEL=keng-data
DATA_MIB=256  # the journal is 256 KiB; the rest gives a card's own wear levelling room
ALIGN_MIB=4   # erase blocks of SD cards
ROOT_LEAST_MIB=64 # less than this is not worth moving a partition's end for
HOME_OF_NODE=/var/lib/keng-node
# Also on the data partition, in folders of these names: what is rendered, and whether an update is on trial.
BINDS=".cache:/var/cache/keng-node .update:/var/lib/keng-update"
MARK="# kẻng: deploy/layout.sh"
# What wakes up at night to write: not on a card that is only read, and in daytime on another.
WRITERS="apt-daily.timer apt-daily-upgrade.timer man-db.timer dpkg-db-backup.timer e2scrub_all.timer logrotate.timer"

prefix="" verb="" words=()
while [ $# -gt 0 ]; do
    case $1 in
    --root) prefix="$(realpath -m "${2:?}")" && shift ;;
    -h | --help)
        sed -n '2,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
        exit 0
        ;;
    *)
        if [ -z "$verb" ]; then verb="$1"; else words+=("$1"); fi
        # A command's own options are its own.
        if [ "$verb" = with ]; then
            shift
            words=("$@")
            break
        fi
        ;;
    esac
    shift
done

etc="$prefix/etc"
fstab="$etc/fstab" before="$etc/fstab.keng-before"
units="$etc/systemd/system"

as_system() { if [ -z "$prefix" ]; then "$@"; fi; }

# put TEXT FILE: write it unless it says so already; whole or not at all, for one of them is /etc/fstab.
put() {
    [ "$(cat "$2" 2>/dev/null)" != "$1" ] || return 0
    mkdir -p "$(dirname "$2")"
    printf '%s\n' "$1" >"$2.keng-new" || die "Không ghi được $2 (hết chỗ?)." "Cannot write $2 (no room left?)."
    sync "$2.keng-new"
    mv "$2.keng-new" "$2"
    printf '  + %s\n' "$2" >&2
}

# take FILE…: away, and whatever folder it leaves empty.
take() {
    local file
    for file in "$@"; do
        if [ -e "$file" ] || [ -L "$file" ]; then
            rm -f "$file"
            printf '  - %s\n' "$file" >&2
            rmdir --ignore-fail-on-non-empty "$(dirname "$file")"
        fi
    done
}

mask() { for unit in "$@"; do mkdir -p "$units" && ln -sfn /dev/null "$units/$unit"; done; }
unmask() { for unit in "$@"; do [ "$(readlink "$units/$unit" 2>/dev/null)" != /dev/null ] || rm "$units/$unit"; done; }

# calm: in both layouts nothing writes without need.
calm() {
    put "$MARK
[Journal]
Storage=volatile
RuntimeMaxUse=16M
ForwardToSyslog=no" "$etc/systemd/journald.conf.d/60-keng.conf"
    # It notes the time on the card every minute.
    put "$MARK
[Time]
SaveIntervalSec=6h" "$etc/systemd/timesyncd.conf.d/60-keng.conf"
    if [ -d "$etc/rpi" ] || [ -e "$prefix/usr/lib/systemd/system-generators/rpi-swap-generator" ]; then
        put "$MARK
[Main]
Mechanism=none" "$etc/rpi/swap.conf.d/60-keng.conf"
    fi
    mask dphys-swapfile.service
    if [ -z "$prefix" ] && [ -n "$(swapon --noheadings --show=NAME)" ]; then swapoff -a || true; fi
}

# by_day: what cannot be left away runs in the morning, never at the hour of the curfew.
by_day() {
    for unit in $WRITERS; do
        put "$MARK
[Timer]
OnCalendar=
OnCalendar=*-*-* 09:00
RandomizedDelaySec=2h
Persistent=no" "$units/$unit.d/60-keng.conf"
    done
}

# fstab_readonly: the system's own table, read-only, with folders in memory and the data partition.
fstab_readonly() {
    awk '$1 ~ /^#/ || NF < 4 { print; next }
         $3 == "swap" { print "#" $0; next }
         $2 == "/" || $2 ~ /^\/boot/ {
             kept = "ro"; n = split($4, option, ",")
             for (i = 1; i <= n; i++) if (option[i] !~ /^(rw|ro|defaults|errors=.*)$/) kept = kept "," option[i]
             $4 = kept }
         $2 == "/tmp" || $2 ~ /keng-(node|update)$/ { next }
         { print $1, $2, $3, $4, ($5 == "" ? 0 : $5), ($6 == "" ? 0 : $6) }' "$before"
    printf '%s\n' "$MARK readonly"
    printf 'tmpfs /tmp tmpfs nosuid,nodev,size=64M,mode=1777 0 0\n'
    # Never fatal, never waited for longer than a card takes; checked by keng-data.service, not by systemd.
    printf 'LABEL=%s /var/lib/keng-node ext4 noatime,nodev,nosuid,errors=remount-ro,commit=600,nofail,x-systemd.device-timeout=10s,x-systemd.after=keng-readonly.service 0 0\n' "$LABEL"
    for bind in $BINDS; do
        printf '%s %s none bind,nofail,x-systemd.requires-mounts-for=%s 0 0\n' "$HOME_OF_NODE/${bind%%:*}" "${bind#*:}" "$HOME_OF_NODE"
    done
}

set_layout() { # in the box's settings: with readonly, the node wants its partition
    local file="$etc/keng/node.yaml"
    [ -e "$file" ] || return 0
    if grep -q '^layout:' "$file"; then
        [ "$(setting layout "$file")" = "$1" ] || sed -i "s/^layout:.*/layout: $1/" "$file"
    else
        printf 'layout: %s\n' "$1" >>"$file"
    fi
}

readonly_on() {
    calm
    as_system need_partition
    as_system adopt
    for unit in $WRITERS; do take "$units/$unit.d/60-keng.conf"; done
    # shellcheck disable=SC2086 # several names
    mask $WRITERS
    if [ ! -e "$before" ]; then
        cp -p "$fstab" "$before.keng-new"
        sync "$before.keng-new"
        mv "$before.keng-new" "$before"
    fi
    put "$(fstab_readonly)" "$fstab"
    if put_file "$ROOT/deploy/card/readonly-root" "$prefix/usr/local/lib/keng/readonly-root" 755; then :; fi
    for unit in keng-readonly keng-data; do
        if put_file "$ROOT/systemd/$unit.service" "$units/$unit.service" 644; then :; fi
    done
    enable keng-readonly.service local-fs.target
    enable keng-data.service 'var-lib-keng\x2dnode.mount'
    # A service that has a StateDirectory= does not start while its mount fails: this one must.
    put "$MARK readonly
[Service]
StateDirectory=
CacheDirectory=
ReadWritePaths=-/var/lib/keng-node -/var/cache/keng-node" "$units/keng-node.service.d/60-layout.conf"
    # The program's own folder is on the card: it is opened for as long as an update is installed or led back.
    for unit in keng-update keng-update-boot; do
        put "$MARK readonly
[Service]
ExecStartPre=+-/bin/mount -o remount,rw /
ExecStopPost=+-/bin/mount -o remount,ro /" "$units/$unit.service.d/60-layout.conf"
    done
    mkdir -p "$prefix/var/lib/keng-node" "$prefix/var/cache/keng-node" "$prefix/var/lib/keng-update"
    # What StateDirectory= did: without the partition these, in memory, are where it works.
    if [ -z "$prefix" ] && id keng >/dev/null 2>&1; then chown keng:keng /var/lib/keng-node /var/cache/keng-node; fi
    set_layout readonly
}

enable() { mkdir -p "$units/$2.wants" && ln -sfn "../$1" "$units/$2.wants/$1"; }

readonly_off() {
    if [ -e "$before" ]; then
        # What a person added since is not lost: the table is put back only if it is ours.
        if [ "$(fstab_readonly)" = "$(cat "$fstab")" ]; then
            mv "$before" "$fstab"
        else
            say "Bảng /etc/fstab đã được sửa tay: bản cũ ở $before, bản đang dùng ở $fstab.keng-readonly." \
                "/etc/fstab was changed by hand: the old one is used again, yours is $fstab.keng-readonly."
            cp -p "$fstab" "$fstab.keng-readonly"
            mv "$before" "$fstab"
        fi
    fi
    take "$units/local-fs.target.wants/keng-readonly.service" "$units/var-lib-keng\\x2dnode.mount.wants/keng-data.service" \
        "$units/keng-node.service.d/60-layout.conf" "$units/keng-update.service.d/60-layout.conf" \
        "$units/keng-update-boot.service.d/60-layout.conf" \
        "$units/keng-readonly.service" "$units/keng-data.service" "$prefix/usr/local/lib/keng/readonly-root"
    # shellcheck disable=SC2086 # several names
    unmask $WRITERS
    set_layout plain
}

plain_on() {
    readonly_off
    calm
    by_day
}

off() {
    readonly_off
    take "$etc/systemd/journald.conf.d/60-keng.conf" "$etc/systemd/timesyncd.conf.d/60-keng.conf" "$etc/rpi/swap.conf.d/60-keng.conf"
    for unit in $WRITERS; do take "$units/$unit.d/60-keng.conf"; done
    unmask dphys-swapfile.service
}

# -- the data partition

# ends_of DISK: in MiB: where its last partition ends, where a data partition would begin.
ends_of() {
    local sectors last
    if [ -b "$1" ]; then sectors="$(blockdev --getsz "$1")"; else sectors=$(($(stat -c %s "$1") / 512)); fi
    last="$(sfdisk --dump "$1" | sed -n 's/.*start= *\([0-9]*\), *size= *\([0-9]*\).*/\1 \2/p' | awk '{ if ($1 + $2 > end) end = $1 + $2 } END { print end }')"
    # The last MiB is left alone: a GPT keeps its copy there.
    echo $((last / 2048)) $((((sectors / 2048 - 1 - DATA_MIB) / ALIGN_MIB) * ALIGN_MIB))
}

# begun DISK: where our partition begins, if it is there and nothing is on it: the power went before there was.
begun() {
    local start
    read -r _ start <<<"$(ends_of "$1")"
    sfdisk --dump "$1" | grep -q "start= *$((start * 2048)), *size= *$((DATA_MIB * 2048))," || return 1
    [ -z "$(blkid --probe --match-tag TYPE --output value --offset $((start * 1048576)) "$1" || true)" ] || return 1
    echo "$start"
}

# add_partition DISK: at its end; what sfdisk says goes nowhere.
add_partition() {
    local used start
    read -r used start <<<"$(ends_of "$1")"
    [ "$start" -ge "$used" ] || die \
        "$1: không còn chỗ cho phân vùng dữ liệu ($DATA_MIB MB): phân vùng gốc đã chiếm hết thẻ. Ba cách: (1) ghi lại thẻ, và trước khi khởi động lần đầu chạy trên máy Linux: sudo bash deploy/layout.sh card /dev/sdX; (2) cắm một USB nhỏ rồi: sudo mkfs.ext4 -L $LABEL /dev/sdX1; (3) dùng cách thường: sudo bash deploy/layout.sh plain" \
        "$1: there is no room for a data partition ($DATA_MIB MB): the root fills the card. Three ways: (1) write the card anew, and before its first start, on a Linux laptop: sudo bash deploy/layout.sh card /dev/sdX; (2) plug in a small USB stick and: sudo mkfs.ext4 -L $LABEL /dev/sdX1; (3) the plain layout: sudo bash deploy/layout.sh plain"
    printf 'start=%sMiB, size=%sMiB, type=L\n' "$start" "$DATA_MIB" | sfdisk --quiet --append --no-reread --force "$1" >/dev/null || die \
        "$1: không tạo được phân vùng." "$1: the partition could not be made."
    echo "$start"
}

# make_data WHERE [OPTION…]: blocks of 4 KiB, the least that a card writes; none is written later that could be written
# now; no room kept back for root.
make_data() {
    local where="$1"
    shift
    mkfs.ext4 -q -F -L "$LABEL" -b 4096 -m 0 -O ^resize_inode -E "lazy_itable_init=0,lazy_journal_init=0${1:+,$1}" "$where" ${2:+"$2"}
}

card() {
    local disk="${words[0]:-}" start
    if [ ! -b "$disk" ] && [ ! -f "$disk" ]; then
        die "Hãy ghi tên thẻ (lsblk) hoặc tệp ảnh." "Name the card (lsblk) or an image."
    fi
    if lsblk -nro MOUNTPOINT "$disk" 2>/dev/null | grep -q '^/$'; then die "$disk đang chạy máy này." "$disk runs this machine."; fi
    if start="$(begun "$disk")"; then
        :
    elif sfdisk --dump "$disk" | grep -q '3 : start='; then
        say "$disk đã có phân vùng thứ ba, không làm gì." "$disk has a third partition already; nothing done."
        return
    else
        start="$(add_partition "$disk")"
    fi
    make_data "$disk" "offset=$((start * 1048576))" "${DATA_MIB}m"
    say "Xong: $disk có phân vùng dữ liệu. Cắm vào Pi, khởi động." "Done: $disk has a data partition. Put it into the Pi and start it."
}

# need_partition: on the running box: one with our label, or one made of what is free at the end of the card.
need_partition() {
    local source disk number used start
    [ -z "$(blkid -L "$LABEL")" ] || return 0
    have sfdisk || die "Thiếu sfdisk: sudo apt install fdisk" "sfdisk is missing: sudo apt install fdisk"
    source="$(findmnt -n -o SOURCE /)"
    disk="/dev/$(lsblk -nro PKNAME "$source")"
    [ -b "$disk" ] || die "Không biết thẻ nào chứa hệ thống ($source)." "It is not known which card the system is on ($source)."
    say "Đang tạo phân vùng dữ liệu ở cuối $disk…" "Making the data partition at the end of $disk…"
    number="$(cat "/sys/class/block/${source##*/}/partition")"
    if ! begun "$disk" >/dev/null; then
        read -r used start <<<"$(ends_of "$disk")"
        add_partition "$disk" >/dev/null
        if [ $((start - used)) -ge "$ROOT_LEAST_MIB" ]; then
            grow "$disk" "$number" "$start"
        fi
    fi
    partx --update "$disk"
    udevadm settle || true
    resize2fs "$source" >/dev/null 2>&1 || true
    make_data "$(lsblk -nrpo NAME "$disk" | tail -n 1)"
    udevadm settle || true
}

# grow DISK NUMBER MIB: the partition, to that place, if it is the last before it.
grow() {
    local start
    start="$(sfdisk --dump "$1" | sed -n "s/^[^ ]*[^0-9]$2 : start= *\\([0-9]*\\),.*/\\1/p")"
    printf ', %s\n' $(($3 * 2048 - start)) | sfdisk --quiet --no-reread --force -N "$2" "$1" >/dev/null
}

data() {
    local part bind
    part="$(blkid -L "$LABEL")" || die "Không có phân vùng $LABEL: hãy chạy: sudo bash deploy/layout.sh readonly" \
        "There is no partition $LABEL; run: sudo bash deploy/layout.sh readonly"
    systemctl stop keng-node 2>/dev/null || true
    for bind in $BINDS; do umount "${bind#*:}" 2>/dev/null || true; done
    umount "$HOME_OF_NODE" 2>/dev/null || true
    make_data "$part"
    adopt
    # Or an empty journal would have it strike its first stroke again.
    runuser -u keng -- /opt/keng/bin/python -P -m node.madeanew "$HOME_OF_NODE" || say \
        "Hộp có thể đánh lại tiếng đầu tiên." "The box may strike its first stroke again."
    systemctl start keng-node
}

# remount HOW PLACE: without saying the other options again, which a root that is itself overlaid would refuse.
remount() { mount -o "remount,$1" "$2" 2>/dev/null || mount --options-mode=ignore -o "remount,$1" "$2"; }

# adopt: what the gong remembers goes with it. A node that runs sees its folder change, and writes all it knows there.
adopt() {
    local old=$HOME_OF_NODE new bind
    ! mountpoint -q "$old" || return 0
    new="$(mktemp -d)"
    mount -L "$LABEL" "$new"
    if [ ! -e "$new/journal" ] && [ -d "$old" ]; then cp -a "$old/." "$new/"; fi
    for bind in $BINDS; do
        mkdir -p "$new/${bind%%:*}" "${bind#*:}"
        cp -an "${bind#*:}/." "$new/${bind%%:*}/"
        chown --reference="${bind#*:}" "$new/${bind%%:*}"
    done
    if id keng >/dev/null 2>&1; then chown keng:keng "$new"; fi
    umount "$new"
    rmdir "$new"
    mkdir -p "$old"
    mount -L "$LABEL" -o noatime,nodev,nosuid,errors=remount-ro,commit=600 "$old"
    for bind in $BINDS; do mount --bind "$old/${bind%%:*}" "${bind#*:}"; done
}

# below_the_memory VERB: on a box that is read-only now, what is written here would be gone with the power: the card is
# opened, and the same done there.
below_the_memory() {
    local under=/run/keng-root state=0 bind
    remount rw "$under"
    bash "${BASH_SOURCE[0]}" --root "$under" "$1" || state=$?
    if [ "$1" != readonly ] && mountpoint -q "$HOME_OF_NODE"; then
        for bind in $BINDS; do cp -a "${bind#*:}/." "$under${bind#*:}/"; done
        find "$HOME_OF_NODE" -maxdepth 1 -type f -exec cp -a -t "$under$HOME_OF_NODE" {} +
    fi
    sync
    remount ro "$under" || true
    return $state
}

# with_root COMMAND…: in the untouched root, writable as long as the command runs.
with_root() {
    local under="$prefix/run/keng-root" folder state=0
    [ "${#words[@]}" -gt 0 ] || die "Thiếu lệnh. Ví dụ: sudo bash deploy/layout.sh with apt-get upgrade" \
        "The command is missing. Example: sudo bash deploy/layout.sh with apt-get upgrade"
    mountpoint -q "$under" || die "Thẻ này đang ghi được bình thường: hãy chạy thẳng lệnh đó." "This card may be written as it is: run the command itself."
    remount rw "$under"
    trap close_root EXIT # also where somebody ends the command with Ctrl-C, or its terminal is gone
    for folder in proc sys dev run; do mount --bind --make-private "$prefix/$folder" "$under/$folder"; done
    chroot "$under" "${words[@]}" || state=$?
    return $state
}

# close_root: what with_root opened; for a trap.
close_root() {
    local under="$prefix/run/keng-root" folder
    for folder in run dev sys proc; do ! mountpoint -q "$under/$folder" || umount -l "$under/$folder"; done
    sync
    remount ro "$under" || say "Thẻ còn đang được ghi; sẽ chỉ đọc lại sau khi khởi động lại." \
        "The card is still in use; it is read-only again after a restart."
}

status() {
    local now="plain"
    [ "$(findmnt -n -o FSTYPE --mountpoint /var)" != overlay ] || now="readonly"
    say "Bây giờ: $now. Sau khi khởi động lại: $(setting layout "$etc/keng/node.yaml")" \
        "Now: $now. After a restart: $(setting layout "$etc/keng/node.yaml")"
    findmnt -n -o TARGET,SOURCE,OPTIONS /var/lib/keng-node >&2 || say "Phân vùng dữ liệu không gắn." "The data partition is not mounted."
}

case $verb in
readonly | plain | off) [ -n "$prefix" ] || [ "$(id -u)" = 0 ] || needs_root ;;
data | with) [ -n "$prefix" ] || needs_root ;;
esac
case $verb in
readonly | plain | off)
    if [ -z "$prefix" ] && mountpoint -q /run/keng-root; then
        below_the_memory "$verb"
        exit $?
    fi
    ;;
esac
case $verb in
readonly) readonly_on ;;
plain) plain_on ;;
off) off ;;
status) status ;;
data) data ;;
card) card ;;
with)
    with_root
    exit $?
    ;;
*) die "Không hiểu: ${verb:-(trống)}. Xem: bash deploy/layout.sh --help" "Not understood: ${verb:-(nothing)}. See: bash deploy/layout.sh --help" ;;
esac
case $verb in
readonly | plain | off)
    as_system systemctl daemon-reload || true # in an image no systemd runs
    say "Xong. Có hiệu lực sau khi khởi động lại: sudo reboot" "Done. It takes effect after a restart: sudo reboot"
    ;;
esac
