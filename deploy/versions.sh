# shellcheck shell=bash
# Versions of a box's program side by side, as node/update/layout.py means it: the one that runs can be led back to. For a
# box that is installed from a bundle. To be sourced after lib.sh and offline.sh.
#
#   stop_updater                so that it does not touch what is being placed
#   place_version DIR           the bundle's program below DIR/versions, from now on the one that runs; its venv is $placed
#   put_updater_units PREFIX    what fetches and installs updates; 1 if they were there already
#   start_updater yes|no        no: for a system that does not run, an image
#   clear_flat DIR              what a box that was installed before there were versions has left
#
# What must hold: the links change in one step, and only to what is whole and on the disk; what they lead to is never
# altered. Another build of the version that runs lies beside it, as VERSION+BUILD.

UPDATER_UNITS="keng-fetch.service keng-update.service keng-update.path keng-update.timer keng-update-boot.service
    keng-node-restart.path keng-node-restart.service"
placed=""

stop_updater() { systemctl stop keng-update.path keng-update.timer keng-update.service keng-fetch.service 2>/dev/null || true; }

place_version() {
    local root="$1" name place folder
    name="$(place_for "$root")"
    place="$root/versions/$name"
    if ! is_here "$place"; then
        clear_versions "$root"
        mkdir -p "$place"
        # Without the mark nothing of it is surely on the disk, whatever the program's own stamp says.
        rm -f "$place/.complete" "$place/program"/.installed-*
        need_bundle_program "$place/program"
        rm -rf "$place/bundle"
        mkdir -p "$place/bundle/wheels"
        # shellcheck disable=SC2153 # of lib.sh
        # What an update need not fetch again; not the other machines' wheels.
        for folder in any "$(bundle_target)" "$(bundle_target)-render"; do
            [ ! -d "$ROOT/wheels/$folder" ] || cp -r "$ROOT/wheels/$folder" "$place/bundle/wheels/"
        done
        cp "$ROOT/manifest.json" "$place/bundle/"
        sync
        touch "$place/.complete"
        sync "$place/.complete" "$place" "$root/versions"
    fi
    point "$root" current "$name"
    point "$root" good "$name"
    rm -f /var/lib/keng-update/trial.json # whoever stands here has decided
    if [ -d "$root/bin" ] && [ ! -L "$root/bin" ]; then mv "$root/bin" "$root/.flat-bin"; fi
    ln -sfn current/program/bin "$root/bin"
    # shellcheck disable=SC2034 # for whoever sources this
    placed="$place/program"
}

# is_here PLACE: this very bundle's program, all of it.
is_here() { [ -e "$1/.complete" ] && cmp -s "$ROOT/manifest.json" "$1/bundle/manifest.json"; }

# in_use DIR NAME: one of the links leads to it.
in_use() { [ "$(readlink "$1/current")" = "versions/$2" ] || [ "$(readlink "$1/good")" = "versions/$2" ]; }

# place_for DIR: the name of the folder where this bundle's program is, or is to be made.
place_for() {
    local version build name
    # shellcheck disable=SC2153 # of lib.sh
    version="$(python3 "$ROOT/deploy/bundle/manifest.py" "$ROOT" --field version)"
    build="$(python3 "$ROOT/deploy/bundle/manifest.py" "$ROOT" --field build)"
    for name in "$version" "$version+${build:0:8}"; do
        ! is_here "$1/versions/$name" || { echo "$name" && return; }
    done
    if in_use "$1" "$version"; then echo "$version+${build:0:8}"; else echo "$version"; fi
}

# clear_versions DIR: those that no link leads to make room; each loses its mark first.
clear_versions() {
    local old
    for old in "$1"/versions/*; do
        if [ -d "$old" ] && ! in_use "$1" "${old##*/}"; then rm -rf "$old/.complete" "$old"; fi
    done
}

# point DIR LINK VERSION: in one step.
point() {
    [ "$(readlink "$1/$2" 2>/dev/null)" != "versions/$3" ] || return 0
    ln -sfn "versions/$3" "$1/.$2.new"
    mv -T "$1/.$2.new" "$1/$2"
    sync "$1"
}

put_updater_units() {
    local unit new=1
    for unit in $UPDATER_UNITS; do
        if put_file "$ROOT/systemd/$unit" "$1/etc/systemd/system/$unit" 644; then new=0; fi
    done
    return "$new"
}

start_updater() {
    local unit wants=/etc/systemd/system/multi-user.target.wants
    if [ "$1" = yes ]; then
        systemctl enable --quiet keng-update.path keng-update.timer keng-update-boot.service keng-node-restart.path
        systemctl start keng-update.path keng-update.timer keng-node-restart.path
        return
    fi
    mkdir -p "$wants" /etc/systemd/system/timers.target.wants
    for unit in keng-update.path keng-update-boot.service keng-node-restart.path; do ln -sfn "../$unit" "$wants/$unit"; done
    ln -sfn ../keng-update.timer /etc/systemd/system/timers.target.wants/keng-update.timer
}

clear_flat() {
    [ -e "$1/.flat-bin" ] || return 0
    (cd "${1:?}" && rm -rf lib lib64 include share pyvenv.cfg .installed-* .flat-bin)
}
