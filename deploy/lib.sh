# What the installing scripts share: bash functions, to be sourced. They say what is missing before they install it,
# ask for sudo only if they are not root and something is missing, and do nothing twice.
#
#   need_system demo        Debian packages for the demo (or: node, commune, dev)
#   need_python EXTRA…      .venv in the checkout with this checkout installed in it
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

# Debian 13 renamed libasound2 for its 64-bit time_t.
sound_library_package() { if known_package libasound2t64; then echo libasound2t64; else echo libasound2; fi; }

# missing_packages PURPOSE: one Debian package a line, for what is not there. Looks at the thing, not at the package.
missing_packages() {
    have python3 || echo python3
    python3 -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv
    have mosquitto || echo mosquitto
    have mosquitto_pub || echo mosquitto-clients
    have_library libasound.so.2 || sound_library_package
    have aplay || echo alsa-utils
    have setpriv || echo util-linux
    if [ "$1" = dev ]; then
        have openssl || echo openssl
        have gcc || echo gcc
        [ -e /usr/include/alsa/asoundlib.h ] || echo libasound2-dev
        have git || echo git
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

# need_system PURPOSE: install the Debian packages that are missing.
need_system() {
    local missing had_mosquitto=yes
    # apt must know its lists before it can say what the sound library is called here.
    if [ -n "$(missing_packages "$1")" ]; then
        have apt-get || die \
            "Thiếu: $(missing_packages "$1" | xargs). Máy này không có apt; hãy tự cài rồi chạy lại." \
            "Missing: $(missing_packages "$1" | xargs). There is no apt here; install them, then run this again."
        say "Thiếu gói hệ thống, đang hỏi danh sách gói…" "System packages are missing; reading the package lists…"
        as_root apt-get update -qq >&2 || true # an old list may do
    fi
    missing="$(missing_packages "$1" | xargs)"
    [ -n "$missing" ] || return 0
    have mosquitto || had_mosquitto=no
    say "Đang cài: $missing" "Installing: $missing"
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
        commune) echo 'import django, rich' ;;
        demo) echo 'import textual' ;;
        esac
    done
}

# need_python EXTRA…: the venv, with this checkout installed in it (editable) with these extras.
need_python() {
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
    wanted="$(cksum <"$ROOT/pyproject.toml") $ROOT $extras"
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
    "$VENV/bin/pip" install --quiet --quiet --disable-pip-version-check -e "$ROOT[$extras]" >&2 || die \
        "pip không cài được. Hãy xem mạng và các dòng trên, rồi chạy lại." \
        "pip could not install. Look at the network and the lines above, then run this again."
    printf '%s' "$wanted" >"$stamp"
}
