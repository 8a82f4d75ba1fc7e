# shellcheck shell=bash
# What the installing scripts share: bash functions, to be sourced. They say what is missing before they install it,
# ask for sudo only if they are not root and something is missing, and do nothing twice.
#
#   need_system demo        Debian packages for the demo (or: node, commune, dev, bench, arm, boots)
#   need_python EXTRA…      .venv in the checkout with this checkout installed in it
#   need_program DIR EXTRA… a venv in DIR with a copy of this checkout, for a machine that is installed for good
#   need_user               the system user keng, in the groups of sound and pins
#
# What must hold: everything they say goes to stderr, so that a program may read stdout; Vietnamese first.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$ROOT/.venv"
PATH="$PATH:/usr/sbin:/sbin:/usr/local/sbin" # Debian keeps mosquitto and ldconfig where only root's PATH looks

say() { printf '%s\n%s\n' "$1" "$2" >&2; }
die() {
    say "$1" "$2"
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }
have_library() { case "$(ldconfig -p 2>/dev/null)" in *"$1"*) ;; *) return 1 ;; esac; }
known_package() { [ -n "$(apt-cache search --names-only "^$1\$" 2>/dev/null)" ]; }

system_python() { (cd / && LG_WD=/tmp /usr/bin/python3 "$@"); } # lgpio writes where it is imported, or in LG_WD
keeps_time() { have chronyd || have ntpd || [ -x /lib/systemd/systemd-timesyncd ]; }

# Debian 13 renamed libasound2 for its 64-bit time_t; a machine without package lists is asked for its name.
sound_library_package() { if known_package libasound2t64 || grep -q trixie /etc/os-release 2>/dev/null; then echo libasound2t64; else echo libasound2; fi; }

# missing_packages PURPOSE: one Debian package a line, for what is not there. Looks at the thing, not at the package.
missing_packages() {
    have python3 || echo python3
    python3 -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv
    have setpriv || echo util-linux
    if [ "$1" = arm ]; then
        have debootstrap || echo debootstrap
        have qemu-aarch64-static || echo qemu-user-static
        have openssl || echo openssl
        have ip || echo iproute2
        have git || echo git
        [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
        have arm-linux-gnueabihf-gcc || echo gcc-arm-linux-gnueabihf # for the bundle's 32-bit part
        return
    fi
    if [ "$1" != node ]; then
        have mosquitto || echo mosquitto
        have mosquitto_pub || echo mosquitto-clients
    fi
    if [ "$1" != commune ]; then
        have_library libasound.so.2 || sound_library_package
        have aplay || echo alsa-utils
    fi
    if [ "$1" = commune ]; then
        have openssl || echo openssl
        [ -x /bin/kill ] || echo procps # by which units are told to read their files again; a bare Debian 13 has none
    fi
    if [ "$1" = node ]; then
        # PyPI has no wheel of lgpio for Debian 13's Python: the system's own, where there is one.
        system_python -c 'import lgpio' 2>/dev/null || ! known_package python3-lgpio || echo python3-lgpio
    fi
    if [ "$1" = node ] || [ "$1" = commune ]; then
        keeps_time || echo systemd-timesyncd
    fi
    if [ "$1" != node ]; then
        [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || echo fonts-dejavu-core # the report on paper
    fi
    if [ "$1" = boots ]; then
        have debootstrap || echo debootstrap
        have systemd-nspawn || echo systemd-container
        have ip || echo iproute2
        have nft || echo nftables
    fi
    if [ "$1" = dev ] || [ "$1" = bench ]; then
        have openssl || echo openssl
        have gcc || echo gcc
        [ -e /usr/include/stdio.h ] || echo libc6-dev # only recommended by gcc
        have make || echo make
        have ps || echo procps
        have ss || echo iproute2
        have nft || echo nftables
        have sfdisk || echo fdisk # a card's data partition
        have mkfs.ext4 || echo e2fsprogs
        [ -e /usr/include/alsa/asoundlib.h ] || echo libasound2-dev
        have git || echo git
        have shellcheck || echo shellcheck
        have ffmpeg || echo ffmpeg # by which pydub reads what a telephone recorded
        have chromium || have chromium-browser || echo chromium # in which the console is tried
        compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || echo postgresql # private clusters of the tests only
    fi
    if [ "$1" = bench ]; then
        python3 -c 'import pathlib, sys, sysconfig; sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())' 2>/dev/null || echo python3-dev
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        die "Cần quyền root để chạy: $*. Máy này không có sudo; hãy chạy lệnh đó bằng root rồi chạy lại." \
            "Root is needed for: $*. There is no sudo here; run that as root, then run this again."
    fi
}

# no_cluster: Debian's postgresql would make and start a database server of the system; only its programs are wanted.
no_cluster() {
    local conf=/etc/postgresql-common/createcluster.conf
    [ -e "$conf" ] || { as_root mkdir -p "${conf%/*}" && echo 'create_main_cluster = false' | as_root tee "$conf" >/dev/null; }
}

# need_system PURPOSE: install the Debian packages that are missing.
need_system() {
    local missing had_mosquitto=yes
    # apt must know its lists before it can say what the sound library is called here.
    if [ -n "$(missing_packages "$1")" ]; then
        have apt-get || die \
            "Thiếu: $(missing_packages "$1" | xargs). Máy này không có apt; hãy tự cài rồi chạy lại." \
            "Missing: $(missing_packages "$1" | xargs). There is no apt here; install them, then run this again."
        [ "$(id -u)" = 0 ] || have sudo || die \
            "Thiếu gói hệ thống, và máy này không có sudo. Hãy chạy bằng root: apt-get update && apt-get install $(missing_packages "$1" | xargs). Rồi chạy lại lệnh này." \
            "System packages are missing, and there is no sudo. As root, run: apt-get update && apt-get install $(missing_packages "$1" | xargs). Then run this again."
        say "Thiếu gói hệ thống, đang hỏi danh sách gói…" "System packages are missing; reading the package lists…"
        as_root apt-get update -qq >&2 || true # an old list may do
    fi
    missing="$(missing_packages "$1" | xargs)"
    [ -n "$missing" ] || return 0
    have mosquitto || [ "$1" = commune ] || had_mosquitto=no
    say "Đang cài: $missing" "Installing: $missing"
    case " $missing " in *" postgresql "*) no_cluster ;; esac
    # A run that was cut off may have left dpkg half-way: apt does nothing before that is mended.
    as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >/dev/null 2>&1 || true
    # shellcheck disable=SC2086 # several names
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null || die \
        "Không cài được: $missing. Hãy xem mạng và các dòng trên, rồi chạy lại." \
        "Could not install: $missing. Look at the network and the lines above, then run this again."
    missing="$(missing_packages "$1" | xargs)"
    [ -z "$missing" ] || die "Cài rồi mà vẫn thiếu: $missing." "Installed, and still missing: $missing."
    if [ "$had_mosquitto" = no ] && have systemctl && systemctl is-active --quiet mosquitto 2>/dev/null; then
        say "Lưu ý: gói mosquitto của Debian đã tự chạy một broker của hệ thống ở cổng 1883. Bản này không dùng và không đụng tới nó; không cần thì tắt: sudo systemctl disable --now mosquitto" \
            "Note: Debian's mosquitto package has started a system broker on port 1883. It is neither used nor touched here; if you do not need it: sudo systemctl disable --now mosquitto"
    fi
}

# imports_of EXTRA…: Python that fails unless the libraries of these extras are there, and the program is this checkout.
imports_of() {
    echo 'import sys, pathlib, node, msgspec, paho, nacl, yaml, gpiozero, tzdata'
    echo 'assert pathlib.Path(node.__file__).is_relative_to(sys.argv[1])'
    for extra in "$@"; do
        case $extra in
        render) echo 'import numpy, pydub' ;;
        commune) echo 'import argon2, django, fpdf, pyotp, rich, segno, uvicorn, xlsxwriter' ;;
        demo) echo 'import textual' ;;
        mutate) echo 'import mutmut' ;;
        preview) echo 'if sys.version_info < (3, 12): import simpleaudio' ;;
        dev) echo 'import coverage, hypothesis, importlinter, playwright, polib, psycopg, jsonschema, mypy, mypy_django_plugin, openpyxl, pypdf, pyright, pytest, pytest_timeout, ruff, xdist' ;;
        esac
    done
}

# need_python EXTRA…: the venv, with this checkout installed in it (editable) with these extras. One at a time: two demos
# that are started together on a fresh clone must not both write into it.
need_python() {
    (flock 9 && install_python "$@") 9<"$ROOT"
}

install_python() {
    local extras stamp wanted
    extras="$(printf '%s\n' "$@" | sort | paste -sd, -)"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die \
        "Cần Python 3.11 trở lên; máy này có $(python3 -V 2>&1). Hãy dùng Debian 12 trở lên." \
        "Python 3.11 or later is needed; this machine has $(python3 -V 2>&1). Use Debian 12 or later."
    # A venv does not survive a move of its folder, nor a new Python.
    if [ -e "$VENV" ] && ! "$VENV/bin/python" -c 'import sys, pip; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null; then
        say "$VENV hỏng hoặc của Python khác, đang tạo lại." "$VENV is broken or of another Python; making it anew."
        rm -rf "$VENV"
    fi
    [ -e "$VENV" ] || {
        say "Đang tạo $VENV" "Making $VENV"
        python3 -m venv "$VENV" || die "Không tạo được $VENV." "Could not make $VENV."
    }
    stamp="$VENV/.keng-installed-${extras//,/-}"
    # What is to be installed, not how the tools are set.
    wanted="$(sed '/^\[tool\./,$d' "$ROOT/pyproject.toml" | cksum) $ROOT $extras"
    if [ -x "$VENV/bin/keng" ]; then
        [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
        # Somebody who works on the house may have installed more than this: nothing to do then.
        if [ ! -e "$stamp" ] && (cd / && "$VENV/bin/python" -c "$(imports_of "$@")" "$ROOT") 2>/dev/null; then
            printf '%s' "$wanted" >"$stamp"
            return 0
        fi
    fi
    say "Đang cài chương trình và thư viện Python (lần đầu mất một, hai phút)…" \
        "Installing the program and its Python libraries (a minute or two, the first time)…"
    "$VENV/bin/pip" install --quiet --quiet --disable-pip-version-check -e "${ROOT}[$extras]" >&2 9<&- || die \
        "pip không cài được. Hãy xem mạng, chỗ trống trên đĩa và các dòng trên, rồi chạy lại." \
        "pip could not install. Look at the network, the room on the disk and the lines above, then run this again."
    printf '%s' "$wanted" >"$stamp"
}

# pins_extra: "pi" where pip has the pins' library, nothing where the system has it; and where nobody has (Debian 13 but for
# Raspberry Pi OS: neither a package nor a wheel), that is said: all else works, and the doctor names the pins.
pins_extra() {
    ! system_python -c 'import lgpio' 2>/dev/null || return 0
    if /usr/bin/python3 -c 'import platform, sys; sys.exit(sys.version_info >= (3, 12) and platform.machine() in ("x86_64", "aarch64"))'; then
        echo pi
    else
        say "Debian này không có thư viện chân GPIO (lgpio): nút và đèn không chạy. Trên Raspberry Pi hãy dùng Raspberry Pi OS." \
            "This Debian has no library for GPIO pins (lgpio): buttons and lamps do not work. On a Raspberry Pi use Raspberry Pi OS."
    fi
}

# need_program DIR EXTRA…: a venv in DIR with a copy of this checkout: what runs must not change under a pull.
need_program() {
    local target="$1" python=/usr/bin/python3 extras stamp wanted one
    shift
    [ -x "$python" ] || python=python3
    extras="$(printf '%s\n' "$@" | sort | paste -sd, -)"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die \
        "Cần Python 3.11 trở lên; máy này có $("$python" -V 2>&1). Hãy dùng Debian 12 trở lên." \
        "Python 3.11 or later is needed; this machine has $("$python" -V 2>&1). Use Debian 12 or later."
    [ ! -L "$target/bin" ] || die \
        "$target là chương trình của một hộp kẻng cài từ bộ cài: hãy cập nhật bằng keng-bundle/install.sh. Máy của xã phải là máy khác." \
        "$target is a box's program, installed from a bundle: update it by keng-bundle/install.sh. The commune's machine is another one."
    stamp="$target/.installed-${extras//,/-}"
    wanted="$(checkout_sum) $("$python" -V)"
    [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
    say "Đang cài chương trình vào $target (mất vài phút)…" "Installing the program in $target (some minutes)…"
    # The system's packages are seen for lgpio alone; pip installs whatever else is missing.
    if ! "$target/bin/python" -c 'import pip' 2>/dev/null; then
        "$python" -m venv --system-site-packages --clear "$target" || die \
            "Không tạo được $target." "Could not make $target."
    fi
    (cd / && pip_locked "$target/bin/python" "$ROOT/deploy/requirements/${extras//,/-}.txt") >&2 || die \
        "pip không cài được. Hãy xem mạng, chỗ trống trên đĩa và các dòng trên, rồi chạy lại." \
        "pip could not install. Look at the network, the room on the disk and the lines above, then run this again."
    # Another purpose's stamp holds as long as it is of the same copy.
    for one in "$target"/.installed-*; do
        [ "$(cat "$one" 2>/dev/null)" = "$wanted" ] || rm -f "$one"
    done
    printf '%s' "$wanted" >"$stamp"
}

# pip_locked PYTHON LOCK: the libraries of deploy/requirements/ and nothing else, each held to its SHA-256; then this
# checkout, built by what is in the lock: nothing is fetched that the lock does not name. Whoever can put a file on the
# way (a mirror, a proxy) can at most stop it.
pip_locked() {
    local python="$1" lock="$2" held=(--require-hashes -r "$2") plain=""
    case $(uname -m) in
    x86_64 | aarch64)
        # There is a wheel of each, but of lgpio for Python 3.12 and later; a source would fetch what builds it, unheld.
        case $lock in *pi-*) ;; *) held+=(--only-binary :all:) ;; esac
        ;;
    *)
        # 32-bit: wheels are Raspberry Pi OS's own, built after the sources, with hashes of their own. The versions are held.
        say "Máy 32-bit: chỉ giữ đúng phiên bản thư viện, không kiểm được mã băm." \
            "A 32-bit machine: the libraries' versions are held, their hashes cannot be."
        plain="$(mktemp)"
        sed 's/ *\\$//; /^ /d' "$lock" >"$plain"
        held=(-r "$plain")
        ;;
    esac
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps "${held[@]}" || return 1
    [ -z "$plain" ] || rm -f "$plain"
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index \
        --force-reinstall "$ROOT"
}

# checkout_sum: changes with every change of what is installed.
checkout_sum() {
    (cd "$ROOT" && find pyproject.toml deploy/requirements node broker patterns wire -type f ! -name '*.pyc' -print0 | sort -z | xargs -0 cksum | cksum)
}

# need_user GROUP…: the system user keng, and it in these groups, which are made where they are missing.
need_user() {
    local group
    id keng >/dev/null 2>&1 || useradd --system --user-group --home-dir /var/lib/keng --no-create-home \
        --shell /usr/sbin/nologin keng || die "Không tạo được người dùng keng." "Could not make the user keng."
    for group in "$@"; do
        getent group "$group" >/dev/null || groupadd --system "$group"
        usermod --append --groups "$group" keng
    done
}

# put_file FROM TO MODE [OWNER]: copy unless TO says the same already; 1 if it does. Whole or not at all, also on a disk
# that is full and when the power goes; it ends the script itself, for it is asked by `if`, where bash heeds no error.
put_file() {
    local draft="$2.keng-new" given=()
    ! cmp -s "$1" "$2" || return 1
    [ -z "${4:-}" ] || given=(-o "$4" -g "$4")
    { mkdir -p "$(dirname "$2")" && install -m "$3" "${given[@]}" "$1" "$draft" && sync "$draft" && mv -f "$draft" "$2"; } || {
        rm -f "$draft"
        die "Không ghi được $2. Hãy xem chỗ trống trên đĩa (df -h), rồi chạy lại." \
            "Cannot write $2. Look at the room on the disk (df -h), then run this again."
    }
    printf '  + %s\n' "$2" >&2
}

# put_watchdog PREFIX: where the machine has a hardware watchdog (each Pi has), systemd feeds it from now on.
put_watchdog() {
    [ -n "$1" ] || [ -e /dev/watchdog ] || return 0
    if put_file "$ROOT/systemd/keng-watchdog.conf" "$1/etc/systemd/system.conf.d/keng-watchdog.conf" 644; then
        [ -n "$1" ] || systemctl daemon-reexec
    fi
}

# link_programs PREFIX: keng and keng-node where a shell finds them.
link_programs() {
    local name
    mkdir -p "$1/usr/local/bin"
    for name in keng keng-node; do
        [ "$(readlink "$1/usr/local/bin/$name" || true)" = "/opt/keng/bin/$name" ] || ln -sfn "/opt/keng/bin/$name" "$1/usr/local/bin/$name"
    done
}

# clock_is_set: what is fetched by TLS, what is signed and what is numbered by the time wants a clock of these years.
clock_is_set() {
    [ "$(date +%Y)" -ge 2026 ] || die \
        "Đồng hồ máy này sai: $(date '+%Y-%m-%d %H:%M'). Hãy nối mạng và chờ vài phút, hoặc: sudo timedatectl set-time 'NĂM-THÁNG-NGÀY GIỜ:PHÚT:00', rồi chạy lại." \
        "This machine's clock is wrong: $(date '+%Y-%m-%d %H:%M'). Connect it and wait some minutes, or: sudo timedatectl set-time 'YYYY-MM-DD HH:MM:00', then run this again."
}

# wait_for SECONDS COMMAND…: until it succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.3
    done
}

# setting NAME FILE: what stands behind NAME: at the head of a line, or nothing.
setting() { sed -n "s/^ *$1: *\"\{0,1\}\([^\" ]*\).*/\1/p" "$2" 2>/dev/null || true; }

# listens PORT: whether somebody does, on this machine.
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# needs_root: for what is installed for good, with systemd.
needs_root() {
    [ "$(id -u)" = 0 ] || die "Cần quyền root, hãy chạy: sudo bash $0 …" "Root is needed; run: sudo bash $0 …"
    have systemctl || die "Máy này không có systemd." "There is no systemd on this machine."
}
