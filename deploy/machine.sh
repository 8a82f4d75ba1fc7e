# shellcheck shell=bash
# What the commune's machine needs beside the commune itself: the clock, a firewall, security updates, its first chief,
# and how all of it goes away again. Bash functions, sourced by install-commune.sh after lib.sh.
#
# What must hold: each writes files below a prefix, and touches the running system only where there is none; a second
# run with the same words changes nothing. What somebody else set up (chrony's servers, ufw's other rules) stays.

# put_text TO TEXT MODE: as put_file, from a text; 1 if it is there already.
put_text() {
    local draft result=0
    draft="$(mktemp)"
    printf '%s\n' "$2" >"$draft"
    put_file "$draft" "$1" "$3" || result=1
    rm -f "$draft"
    return "$result"
}

# keep_time PREFIX: all boxes follow this machine's clock. It is set by steps while it starts, and only slewed later; it
# is written down each minute, so that without a battery it starts from a minute ago and not from 1970.
keep_time() {
    if have chronyd; then
        if put_text "$1/etc/chrony/conf.d/keng.conf" "# install-commune.sh: nhảy giờ chỉ lúc khởi động / steps at the start only
makestep 1 3
rtcsync" 644 && [ -z "$1" ]; then
            systemctl try-restart chrony || say "chrony không khởi động lại được." "chrony could not be restarted."
        fi
    elif put_text "$1/etc/systemd/timesyncd.conf.d/keng.conf" "# install-commune.sh
[Time]
FallbackNTP=vn.pool.ntp.org asia.pool.ntp.org time.cloudflare.com time.google.com
SaveIntervalSec=60" 644 && [ -z "$1" ]; then
        { systemctl enable --quiet systemd-timesyncd && systemctl restart systemd-timesyncd; } ||
            say "systemd-timesyncd không khởi động được: đồng hồ không tự đúng." "systemd-timesyncd does not start: the clock is not kept."
    fi
}

# own_mosquitto PREFIX: whether somebody uses this machine's Mosquitto for something else: their listeners and ours in one
# broker would break one of the two. Nothing of theirs is touched. Where ours is there already, they know.
own_mosquitto() {
    local words='(listener|port|bind_address|per_listener_settings|allow_anonymous|password_file|acl_file|user|connection|plugin|auth_plugin)'
    local file found=""
    [ ! -e "$1/etc/mosquitto/conf.d/keng.conf" ] || return 0
    for file in "$1/etc/mosquitto/mosquitto.conf" "$1"/etc/mosquitto/conf.d/*.conf; do
        found+="$(grep -HnE "^[[:space:]]*${words}[[:space:]]" "$file" 2>/dev/null || true)"
        [ -z "$found" ] || break
    done
    [ -z "$found" ] || die \
        "Mosquitto của máy này đang dùng cho việc khác: ${found%%$'\n'*}. Máy của xã phải có Mosquitto riêng: hãy dùng máy khác; hoặc không cần cấu hình đó nữa thì chuyển tệp đi nơi khác rồi chạy lại. Không có gì bị thay đổi." \
        "This machine's Mosquitto serves something else: ${found%%$'\n'*}. The commune needs one of its own: use another machine; or, if that is not needed any more, move the file away and run this again. Nothing was changed."
}

# conf_sum PREFIX: changes with what Mosquitto reads only when it starts.
conf_sum() { { cat "$1/etc/mosquitto/conf.d/keng.conf" "$1/etc/systemd/system/mosquitto.service.d/keng.conf" 2>/dev/null || true; } | cksum; }

# keep_secure PREFIX: Debian's security updates by themselves, at three in the morning, never with a restart of the
# machine; the curfew's gong at 22:00 is far off.
keep_secure() {
    local changed=no
    if put_text "$1/etc/apt/apt.conf.d/52keng-updates" '// install-commune.sh --updates
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "false";' 644; then changed=yes; fi
    if put_text "$1/etc/systemd/system/apt-daily-upgrade.timer.d/keng.conf" '# install-commune.sh --updates
[Timer]
OnCalendar=
OnCalendar=*-*-* 03:00
RandomizedDelaySec=30min' 644; then changed=yes; fi
    [ -z "$1" ] || return 0
    [ -e /etc/apt/apt.conf.d/50unattended-upgrades ] ||
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends unattended-upgrades >/dev/null ||
        die "Không cài được unattended-upgrades. Hãy xem mạng rồi chạy lại." "Could not install unattended-upgrades. Look at the network, then run this again."
    if [ "$changed" = yes ]; then systemctl daemon-reload && systemctl restart apt-daily-upgrade.timer; fi
}

# ssh_ports: where somebody comes in to mend the machine: sshd's, and the one of whoever runs this.
ssh_ports() {
    {
        cat /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null | sed -n 's/^ *Port  *\([0-9][0-9]*\).*/\1/p'
        awk '{print $4}' <<<"${SSH_CONNECTION:-}"
    } | grep -E '^[0-9]+$' | sort -nu | grep . || echo 22
}

# firewall_rules PORTS: for nft, with commas between the ports. Established links stay; what is asked from here, too.
# Protocols by number (ICMP, ICMPv6): a bare Debian has no /etc/protocols, and nft knows no name then.
firewall_rules() {
    cat <<RULES
#!/usr/sbin/nft -f
# install-commune.sh --firewall. Cổng nào không có ở đây thì không vào được. / What is not named here is not let in.
table inet keng
delete table inet keng
table inet keng {
    chain input {
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        ct state invalid drop
        iif lo accept
        meta l4proto { 1, 58 } accept
        udp dport { 68, 546, 5353 } accept
        tcp dport { $1 } accept
    }
}
RULES
}

# set_firewall PREFIX PORTS: by ufw where there is one, by nft otherwise.
set_firewall() {
    local ports ssh
    ssh="$(ssh_ports | paste -sd, -)"
    ports="$ssh,$2"
    if [ -z "$1" ] && have ufw; then
        { ufw allow "$ports/tcp" comment keng && ufw --force enable; } >/dev/null ||
            die "ufw không nhận quy tắc, xem dòng trên." "ufw does not take the rule; see above."
        say "Tường lửa (ufw) mở: $ports" "Firewall (ufw) lets in: $ports"
        return 0
    fi
    local rules how=start
    rules="$(firewall_rules "${ports//,/, }")"
    if [ -z "$1" ]; then
        have nft || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nftables >/dev/null ||
            die "Không cài được nftables." "Could not install nftables."
        nft -c -f - <<<"$rules" || die "nft không hiểu các quy tắc, xem dòng trên. Tường lửa chưa bật." \
            "nft does not understand the rules; see above. There is no firewall yet."
    fi
    if put_text "$1/etc/keng/firewall.nft" "$rules" 644; then how=restart; fi
    if [ -z "$1" ]; then
        { systemctl enable --quiet keng-firewall && systemctl "$how" keng-firewall; } ||
            die "Tường lửa không bật được. Hãy xem: sudo journalctl -u keng-firewall -n 20" \
                "The firewall does not start. See: sudo journalctl -u keng-firewall -n 20"
    fi
    say "Tường lửa (nft) mở: $ports" "Firewall (nft) lets in: $ports"
}

# offer_firewall PORTS: what to type, for the firewall that is here.
offer_firewall() {
    if have ufw; then
        echo "sudo ufw allow $1/tcp"
    else
        echo "sudo bash deploy/install-commune.sh --firewall"
    fi
}

# make_chief PROGRAM SETTINGS NAME FULL-NAME: unless there is somebody of that name; the password is shown once.
make_chief() {
    local known
    known="$("$1/bin/keng" officer list --settings "$2" --json)" || return 1
    case $known in *"\"name\": \"$3\""*) return 0 ;; esac
    say "Chỉ huy đầu tiên của trang trực ban:" "The duty desk's first chief:"
    "$1/bin/keng" officer add "$3" --full-name "${4:-$3}" --role chief --settings "$2" >&2
}

# ask_chief: on a terminal, once, when the commune is new. Sets chief and chief_name.
# shellcheck disable=SC2034 # install-commune.sh's
ask_chief() {
    [ -t 0 ] || return 0
    say "Ai là chỉ huy đầu tiên của trang trực ban? Tên đăng nhập, ví dụ van-an (bỏ trống: để sau):" \
        "Who is the duty desk's first chief? A login name, such as van-an (empty: later):"
    read -r chief || chief=""
    [ -n "$chief" ] || return 0
    say "Họ và tên:" "Full name:"
    read -r chief_name || chief_name="$chief"
}

# uninstall PREFIX PROGRAM UNIT…: what runs and what was put beside the system; what cannot be made again stays.
uninstall() {
    local prefix="$1" program="$2" unit one
    shift 2
    if [ -z "$prefix" ]; then
        for unit in "$@" keng-firewall.service; do systemctl disable --quiet --now "$unit" 2>/dev/null || true; done
        if have ufw; then ufw status 2>/dev/null | grep -q ' # keng$' && ufw_forget; fi
    fi
    for unit in "$@" keng-firewall.service; do rm -f "$prefix/etc/systemd/system/$unit"; done
    rm -f "$prefix/etc/mosquitto/conf.d/keng.conf" "$prefix/etc/systemd/system/mosquitto.service.d/keng.conf" \
        "$prefix/etc/systemd/timesyncd.conf.d/keng.conf" "$prefix/etc/chrony/conf.d/keng.conf" "$prefix/etc/keng/firewall.nft"
    rm -rf "$prefix/var/cache/keng-commune"
    [ -n "$prefix" ] || rm -f "$program/.mosquitto-started" "$program/.commune-started" # where the program stays
    # A machine that is a gong, too, goes on with the same program.
    if [ ! -e "$prefix/etc/systemd/system/keng-node.service" ]; then
        rm -f "$prefix/usr/local/bin/keng" "$prefix/usr/local/bin/keng-node" \
            "$prefix/etc/systemd/system.conf.d/keng-watchdog.conf"
        [ -n "$prefix" ] || rm -rf "$program"
    fi
    if [ -z "$prefix" ]; then
        systemctl daemon-reload
        systemctl try-restart mosquitto || true
    fi
    say "Đã gỡ. Vẫn để nguyên, cài lại thì dùng tiếp:" "Removed. Left as it is; an installation goes on with it:"
    for one in etc/keng etc/mosquitto/keng var/lib/keng-commune var/lib/keng-console var/lib/keng-releases var/backups/keng; do
        [ ! -e "$prefix/$one" ] || printf '  = %s\n' "$prefix/$one" >&2
    done
    say "Trong đó có khóa và mật khẩu. Máy này không dùng nữa thì sao lưu ra USB trước, rồi xóa các thư mục trên." \
        "Keys and passwords are in there. If this machine is given away, back up to a stick first, then delete these folders."
    say "Gói Debian (mosquitto…), người dùng keng và cập nhật bảo mật vẫn còn." \
        "Debian's packages (mosquitto…), the user keng and security updates stay."
}

# ufw_forget: our rules alone, by their comment.
ufw_forget() {
    local number
    while number="$(ufw status numbered | sed -n 's/^\[ *\([0-9]*\)\].* # keng *$/\1/p' | tail -1)" && [ -n "$number" ]; do
        ufw --force delete "$number" >/dev/null || return 0
    done
}
