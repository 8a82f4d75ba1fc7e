# shellcheck shell=bash
# What node.sh does where it lies in a bundle (deploy/BUNDLE.md): packages, program and patterns from its folders, and
# nothing from a network. To be sourced after lib.sh, whose ROOT is then the bundle.
#
#   in_bundle                   whether it does
#   need_bundle_system          Debian packages that are missing
#   need_bundle_program DIR     a venv in DIR with the program; neither python3-venv nor pip is needed
#   copy_patterns DIR           what is rendered already
#
# What must hold: what is there is left alone; a bundle that is not for this system is told before anything is installed.

RENDER_KB=700000 # NumPy beside the node: a Pi Zero 2 (512 MB) is given rendered patterns and renders nothing

in_bundle() { [ -f "$ROOT/manifest.json" ]; }

# bundle_target: as SUITE-ARCHITECTURE. dpkg's word, not the kernel's: a 32-bit system often has a 64-bit kernel.
bundle_target() { printf '%s-%s' "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" "$(dpkg --print-architecture)"; }

check_target() {
    local target has
    target="$(bundle_target)"
    [ -d "$ROOT/wheels/$target" ] && return 0
    has="$(cd "$ROOT/debs" && echo *)"
    die "Bộ cài này không có phần cho hệ $target; có: $has. Hãy dùng Raspberry Pi OS khác, hoặc tạo lại bộ cài với --targets $target." \
        "This bundle has nothing for $target; it has: $has. Use another Raspberry Pi OS, or make the bundle with --targets $target."
}

# bundle_lacks: what is missing that a package of the bundle brings; one name a line.
bundle_lacks() {
    # A clock that nobody keeps is the doctor's to tell: its package must fit the very systemd that is there.
    missing_packages node | grep -vxE 'python3-venv|python3-lgpio|systemd-timesyncd' || true
    program_lacks
    half_installed
}

# program_lacks: on 32 bits, the packages without which the program does not start.
program_lacks() {
    [ "$(dpkg --print-architecture)" = armhf ] || return 0
    system_python -c 'import nacl' 2>/dev/null || echo python3-nacl
    system_python -c 'import yaml' 2>/dev/null || echo python3-yaml
}

# half_installed: the bundle's packages that a power cut, or a failure, left between unpacked and configured. Their
# programs are there and are found.
half_installed() {
    local name status debs
    debs="$ROOT/debs/$(bundle_target)"
    while read -r name status; do
        case $status in installed | not-installed | config-files) continue ;; esac
        if compgen -G "$debs/${name}_*.deb" >/dev/null; then echo "$name"; fi
    done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null)
}

need_bundle_system() {
    local deb missing=()
    check_target
    [ -n "$(bundle_lacks)" ] || return 0
    for deb in "$ROOT/debs/$(bundle_target)"/*.deb; do
        [ -e "$deb" ] || continue
        case "$(dpkg-query -W -f '${db:Status-Status}' "$(dpkg-deb --field "$deb" Package)" 2>/dev/null)" in
        installed) ;;
        *) missing+=("$deb") ;;
        esac
    done
    if [ "${#missing[@]}" -gt 0 ]; then
        dpkg --configure --pending >/dev/null </dev/null || true # the power went while they were installed
        say "Đang cài ${#missing[@]} gói Debian từ bộ cài…" "Installing ${#missing[@]} Debian packages from the bundle…"
        DEBIAN_FRONTEND=noninteractive dpkg --install "${missing[@]}" >/dev/null </dev/null || die \
            "Không cài được gói Debian của bộ cài, xem các dòng trên." "The bundle's packages could not be installed; see above."
    fi
    [ -z "$(bundle_lacks)" ] || die "Cài rồi mà vẫn thiếu: $(bundle_lacks | xargs)." "Installed, and still missing: $(bundle_lacks | xargs)."
}

# not_of_a_venv DIR: what is there and is not of a program that was installed there; one name a line.
not_of_a_venv() { find "$1" -mindepth 1 -maxdepth 1 2>/dev/null | sed 's#.*/##' | grep -vxE 'bin|include|lib|lib64|share|pyvenv\.cfg|\.installed-.*' || true; }

need_bundle_program() {
    local dir="$1" target lacking other render=no wheels=() pip wheel wanted python=/usr/bin/python3
    check_target
    target="$(bundle_target)"
    lacking="$(program_lacks | xargs)"
    [ -z "$lacking" ] || die \
        "Trên hệ 32-bit, chương trình cần các gói Debian chưa có: $lacking. Hãy cài cả hộp (install.sh THƯ-MỤC), hoặc: sudo dpkg --install $ROOT/debs/$target/*.deb" \
        "On 32 bits the program needs Debian packages that are missing: $lacking. Install the whole box (install.sh FOLDER), or: sudo dpkg --install $ROOT/debs/$target/*.deb"
    if [ -d "$ROOT/wheels/$target-render" ] && [ "$(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo)" -ge "$RENDER_KB" ]; then
        render=yes
    fi
    wanted="$(python3 "$ROOT/deploy/bundle/manifest.py" "$ROOT" --field build) $("$python" -V) render=$render"
    [ "$(cat "$dir/.installed-node" 2>/dev/null)" != "$wanted" ] || return 0
    for wheel in "$ROOT"/wheels/any/*.whl "$ROOT/wheels/$target"/*.whl; do
        case $wheel in */pip-*) pip="$wheel" ;; *) wheels+=("$wheel") ;; esac
    done
    [ "$render" = no ] || wheels+=("$ROOT/wheels/$target-render"/*.whl)
    other="$(not_of_a_venv "$dir" | head -3 | xargs)"
    [ -z "$other" ] || die \
        "$dir có sẵn thứ khác ($other); sẽ không xóa. Hãy chọn thư mục trống, hoặc với hộp đã cài: install.sh THƯ-MỤC." \
        "$dir holds something else ($other); it is not cleared. Name an empty folder; a box that is installed: install.sh FOLDER."
    say "Đang cài chương trình vào $dir (mất vài phút)…" "Installing the program in $dir (some minutes)…"
    rm -f "$dir"/.installed-*
    # The system's packages are seen for lgpio, and on 32 bits for PyNaCl and PyYAML.
    if ! "$dir/bin/python" -c 'import sys; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null; then
        "$python" -m venv --without-pip --system-site-packages --clear "$dir" || die \
            "Không tạo được $dir. Hãy xem chỗ trống trên thẻ nhớ." "Could not make $dir. Look at the room on the card."
    fi
    (cd / && "$dir/bin/python" "$pip/pip" install --quiet --disable-pip-version-check --no-cache-dir --no-index --no-deps \
        --force-reinstall --no-warn-script-location --root-user-action=ignore "${wheels[@]}") >&2 || die \
        "Không cài được chương trình từ bộ cài. Hãy xem chỗ trống trên thẻ nhớ và các dòng trên, rồi chạy lại." \
        "The program could not be installed from the bundle. Look at the room on the card and the lines above."
    (cd / && LG_WD=/tmp "$dir/bin/keng-node" --help >/dev/null) || die \
        "Cài xong mà chương trình không chạy được, xem dòng trên." "Installed, and the program does not start; see above."
    printf '%s' "$wanted" >"$dir/.installed-node"
}

# copy_patterns DIR: names say what is in them, so one that is there is the same one.
copy_patterns() {
    local file
    for file in "$ROOT"/patterns/*; do
        [ -e "$file" ] || continue
        [ -e "$1/${file##*/}" ] || install -m 644 "$file" "$1/${file##*/}"
    done
}
