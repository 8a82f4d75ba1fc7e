#!/usr/bin/env bash
# Installs a commune on this machine (Debian 12, 13, Raspberry Pi OS): Mosquitto with TLS, passwords and access lists,
# keys, the commune's service, the duty desk. Run it as often as you like: what exists (keys, passwords, code book) stays.
#
#   sudo bash deploy/install-commune.sh --commune cong-lac --name "Xã Cộng Lạc" [--address HOST_OR_IP …]
#   sudo bash deploy/install-commune.sh --restore FILE [--key FILE]     a new machine for a commune that was backed up
#   sudo bash deploy/install-commune.sh --uninstall                     register, keys and backups stay
#   sudo bash deploy/install-commune.sh --help
#
# For tests: --root DIR puts everything below DIR (no packages, no user, no systemd); --program VENV is used as it is.
set -euo pipefail
umask 022
# shellcheck source=deploy/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=deploy/machine.sh
. "$(dirname "${BASH_SOURCE[0]}")/machine.sh"

prefix="" program=/opt/keng passed=() has_address=no
chief="" chief_name="" firewall=no updates=no remove=no backup="" backup_key=()
units=(keng-commune.service keng-broker.service keng-broker.path keng-retire.service keng-retire.path
    keng-console.service keng-certificate.service keng-certificate.timer keng-backup.service keng-backup.timer keng-releases.service)
while [ $# -gt 0 ]; do
    case $1 in
    --root) prefix="$(realpath -m "${2:?}")" && shift ;;
    --program) program="${2:?}" && shift ;;
    --address) has_address=yes passed+=("$1") ;;
    --chief) chief="${2:?}" && shift ;;
    --chief-name) chief_name="${2:?}" && shift ;;
    --firewall) firewall=yes ;;
    --updates) updates=yes ;;
    --uninstall) remove=yes ;;
    --restore) backup="$(realpath "${2:?}")" && shift ;;
    --key) backup_key=(--key "$(realpath "${2:?}")") && shift ;;
    -h | --help)
        cat >&2 <<'HELP'
sudo bash deploy/install-commune.sh …
  --commune cong-lac       mã xã / the commune's id (a-z, 0-9, -)
  --name "Xã Cộng Lạc"     tên xã / its name
  --hamlets 5              số thôn, không ghi thì là 5 / number of hamlets, 5 unless said
  --address 192.168.1.10   địa chỉ cố định của máy này, một hay nhiều / this machine's fixed address, one or more
  --chief van-an --chief-name "Nguyễn Văn An"
                           chỉ huy đầu tiên của trang trực ban / the duty desk's first chief
  --firewall               bật tường lửa, chỉ mở cổng cần / a firewall that lets in what is needed
  --updates                tự cập nhật bảo mật lúc 3 giờ sáng / security updates by themselves at 3 in the morning
  --backup-to /media/USB   nơi sao lưu thứ hai, ngoài máy này / a second place for the nightly backup
  --codebook FILE          tệp quy ước có sẵn / a code book you have already
  --nodes-port, --officers-port, --local-port, --console-port N    (8883, 8884, 1883, 8443)

  --restore FILE [--key backup.key]
                           máy mới thay máy hỏng: lấy lại từ bản sao lưu / a new machine, from a backup
  --uninstall              gỡ; sổ trực, khóa, bản sao lưu vẫn còn / remove; register, keys and backups stay
HELP
        exit 0
        ;;
    *) passed+=("$1") ;;
    esac
    shift
done

if [ "$remove" = yes ]; then
    [ -n "$prefix" ] || needs_root
    uninstall "$prefix" "$program" "${units[@]}"
    exit 0
fi

clock_is_set
own_mosquitto "$prefix"
if [ -z "$prefix" ]; then
    needs_root
    need_system commune
    # shellcheck disable=SC2119 # no groups are needed here
    need_user
    need_program "$program" commune render
fi
keep_time "$prefix"
if [ -n "$backup" ]; then
    # Before anything is founded: a new commune's keys would only be moved aside again.
    "$program/bin/keng" restore "$backup" "${backup_key[@]}" --etc "$prefix/etc/keng" >&2
fi

if [ "$has_address" = no ]; then
    installed="$(setting address "$prefix/etc/keng/installed.yaml")"
    address="${installed:-$(hostname -I 2>/dev/null | awk '{print $1}')}"
    [ -n "$address" ] || die "Không rõ địa chỉ của máy này. Hãy thêm: --address ĐỊA-CHỈ-IP" \
        "This machine's address is not known. Add: --address IP-ADDRESS"
    passed+=(--address "$address")
    # A name that no certificate can bear (an underscore, say) is left out.
    if [[ $(hostname) =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]]; then passed+=("$(hostname)"); fi
fi

say "Các tệp của xã (chỉ tạo tệp chưa có):" "The commune's files (only those that are missing are made):"
answer="$("$program/bin/python" -P -m broker.enrolment.found --root "${prefix:-/}" "${passed[@]}")"
# Made if it is due. A desk that somebody has set up without one, or wrongly, must not keep the service from an update.
told="$("$program/bin/keng" certificate --settings "$prefix/etc/keng/console.yaml" --json)" || {
    printf '%s\n' "$told" >&2
    told=""
}
port="$(sed -n 's/.*"port": *\([0-9]*\).*/\1/p' <<<"$told")"
port="${port:-8443}"
unit_changed=no
for unit in "${units[@]}"; do
    if put_file "$ROOT/systemd/$unit" "$prefix/etc/systemd/system/$unit" 644; then unit_changed=yes; fi
done
if put_file "$ROOT/systemd/keng-firewall.service" "$prefix/etc/systemd/system/keng-firewall.service" 644; then unit_changed=yes; fi
put_watchdog "$prefix"
link_programs "$prefix"
[ "$updates" = no ] || keep_secure "$prefix"

if [ -z "$prefix" ]; then
    systemctl daemon-reload
    systemctl enable --quiet mosquitto keng-commune keng-broker.path keng-retire.path keng-backup.timer
    case $answer in
    *'"desk": true'*) has_desk=yes && systemctl enable --quiet keng-console keng-certificate.timer keng-releases ;;
    *) has_desk=no && systemctl disable --quiet --now keng-console keng-certificate.timer keng-releases ;; # somebody crossed it out
    esac
    # By what it was started with, not by what this run has made: the run before may have been cut off just here.
    read_by="$program/.mosquitto-started" now="$(conf_sum "$prefix")"
    if [ "$(cat "$read_by" 2>/dev/null)" != "$now" ]; then
        systemctl restart mosquitto && printf '%s' "$now" >"$read_by"
    else
        systemctl reload-or-restart mosquitto # it reads its passwords again, and drops nobody
    fi || die "Mosquitto không chạy được. Hãy xem: sudo journalctl -u mosquitto -n 20, và /var/log/mosquitto/mosquitto.log" \
        "Mosquitto does not start. See: sudo journalctl -u mosquitto -n 20, and /var/log/mosquitto/mosquitto.log"
    if [ "$unit_changed" = yes ]; then how=restart; else how=start; fi
    systemctl "$how" keng-broker.path keng-retire.path keng-backup.timer
    started="$program/.commune-started" # of which copy of the program
    now="$(checkout_sum)"
    if [ "$unit_changed" = yes ] || [[ $answer != *'"made": []'* ]] || [ "$(cat "$started" 2>/dev/null)" != "$now" ]; then
        how=restart
        systemctl restart keng-commune || true # whether it answers is asked below
        printf '%s' "$now" >"$started"
    else
        systemctl start keng-commune || true
    fi
    wait_for 30 "$program/bin/keng" status --settings /etc/keng/keng.yaml --json >/dev/null 2>&1 || die \
        "Dịch vụ của xã không trả lời. Hãy xem: sudo journalctl -u keng-commune -n 20" \
        "The commune's service does not answer. See: sudo journalctl -u keng-commune -n 20"
    say "Mosquitto và dịch vụ của xã đang chạy." "Mosquitto and the commune's service are running."
    # After the service: it brings the register up to date, which the desk reads.
    if [ "$has_desk" = yes ]; then
        systemctl "$how" keng-console keng-certificate.timer keng-releases || true # it notifies: a desk that cannot start is told below
        wait_for 30 listens "$port" || die \
            "Trang trực ban không trả lời. Hãy xem: sudo journalctl -u keng-console -n 20" \
            "The duty desk does not answer. See: sudo journalctl -u keng-console -n 20"
        say "Trang trực ban đang chạy." "The duty desk is running."
    fi
    # The first one of this machine at once: from then on the service sees whether the nightly ones come.
    [ -e /var/lib/keng-commune/backup.json ] || "$program/bin/keng" backup >&2 ||
        say "Chưa sao lưu được, xem dòng trên; đêm nay sẽ thử lại." "No backup yet, see above; it is tried again tonight."
fi

installed="$prefix/etc/keng/installed.yaml"
ports="$(setting nodes_port "$installed"), $(setting officers_port "$installed"), $port, 8445" # 8445: updates, broker/outlet.py
# Asked once: when the duty desk has just been set up, and nobody can have an account yet.
case $answer in *console.yaml*) [ -n "$chief" ] || ask_chief ;; esac
if [ -n "$chief" ]; then make_chief "$program" "$prefix/etc/keng/console.yaml" "$chief" "$chief_name"; fi
[ "$firewall" = no ] || set_firewall "$prefix" "${ports// /}"

address="$(setting address "$installed")"
case $address in *:*) address="[$address]" ;; esac # an IPv6 one, as browsers want it
desk="https://$address:$port/" ca="$prefix/etc/keng/ca" open="$(offer_firewall "${ports// /}")"
cat >&2 <<NEXT

Việc tiếp theo:
  1. Xem lại tên thôn, giờ kẻng:  sudo nano /etc/keng/codebook.yaml   (sửa thì tăng version)
     rồi:                         sudo keng codebook push /etc/keng/codebook.yaml
  2. Mỗi hộp kẻng:                sudo keng enrol thon-1 --hamlet thon-1
     bộ cài, một lần:             bash deploy/bundle.sh --targets trixie-arm64
     thẻ nhớ của hộp:             sudo keng card thon-1 /media/…/bootfs   (ghi Raspberry Pi OS Lite vào thẻ trước; xem deploy/README.md, phần 2)
  3. Xem các hộp:                 sudo keng status
  4. Mở trang trực ban trên máy trực ban:     $desk
     Chưa có chỉ huy:             sudo keng officer add TÊN --full-name "Họ Tên" --role chief
     Trình duyệt phải nhận chứng chỉ của xã, $ca/ca.crt (tải ở ${desk}chung-chi); cách cài: deploy/README.md
  5. Cắm một USB, cất khóa gốc và khóa sao lưu:  sudo keng safe /media/USB   rồi để USB đó trong két của trưởng công an xã.
  6. Sao lưu mỗi đêm vào /var/backups/keng; thêm USB thứ hai: chạy lại với --backup-to /media/USB-2
  Tường lửa, nếu có, phải mở ở máy này: $ports (TCP):  $open
  Tự cập nhật bảo mật: chạy lại với --updates. Địa chỉ của máy này phải cố định; đổi thì: sudo keng move ĐỊA-CHỈ-MỚI
Next:
  1. Look at hamlets and hours:   sudo nano /etc/keng/codebook.yaml   (after a change raise version)
     then:                        sudo keng codebook push /etc/keng/codebook.yaml
  2. For each box:                sudo keng enrol thon-1 --hamlet thon-1
     once, the bundle:            bash deploy/bundle.sh --targets trixie-arm64
     the box's SD card:           sudo keng card thon-1 /media/…/bootfs   (first write Raspberry Pi OS Lite to it; deploy/README.md, part 2)
  3. See them:                    sudo keng status
  4. Open the duty desk at the post:          $desk
     No chief yet:                sudo keng officer add NAME --full-name "Full Name" --role chief
     Browsers must be given the commune's CA, $ca/ca.crt (also at ${desk}chung-chi): deploy/README.md
  5. Plug a stick in and put the keys on it:     sudo keng safe /media/STICK   then put it into the chief's safe.
  6. Backups are made each night in /var/backups/keng; for a second stick: run this again with --backup-to /media/STICK-2
  A firewall, if there is one, must let in: $ports (TCP):  $open
  Security updates by themselves: run this again with --updates. A new address of this machine: sudo keng move ADDRESS
NEXT
