"""python -m node.update fetch | install | boot: what the units keng-fetch, keng-update and keng-update-boot run."""

from __future__ import annotations

import errno
import logging
import os
import platform
import pwd
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from node.settings import SETTINGS_FILE
from node.settingsread import load_settings
from node.update.fetch import Fetcher, NoNetwork, NotNow
from node.update.files import FETCHED, PERMIT, RUN, STATE, TOLD, TRIAL, Permitted, Trial, read, write
from node.update.install import WHY_CHARS, Installer, Surroundings, recover
from node.update.layout import BUNDLE, GOOD, Layout
from node.update.trusted import release_keys, target
from patterns.errors import KengError
from wire.access import LinkSettings, tls_context
from wire.errors import LinkFault, ReleaseFault
from wire.reports import Updating

USER = "keng"
RESTART = Path("/run/keng-update/restart-node")
"""Seen by keng-node-restart.path."""
SET_UP_S = 1_800  # pip on a Zero 2 with a slow card takes five minutes
DOCTOR_S = 120
_log = logging.getLogger("keng-update")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    match list(sys.argv[1:] if arguments is None else arguments):
        case ["fetch"]:
            return fetch()
        case ["install"]:
            return 0 if Installer(_around()).run() else 1
        case ["boot"]:
            _log.info("led back to what was good" if recover(Layout(), STATE) else "nothing was on trial")
            return 0
    _log.error("python -m node.update fetch | install | boot")
    return 2


def fetch(run: Path = RUN, state: Path = STATE, fetched: Path = FETCHED, settings: Path = SETTINGS_FILE) -> int:
    """1 if there is not all of it: the installer does not start then."""
    trial = read(state / TRIAL, Trial)
    if trial is not None and trial.on:
        return 0  # the installer was killed: before all else it must lead back, also where nothing can be fetched
    permitted = read(run / PERMIT, Permitted)
    if permitted is None:
        return 1
    try:
        broker = load_settings(settings).broker
        context = tls_context(LinkSettings(broker.host, broker.port, "", ca_file=broker.ca_file))
        layout = Layout()
        at_hand = layout.root / GOOD / BUNDLE
        _told(fetched, permitted, "fetching", "")
        Fetcher(fetched, run, release_keys(), target(), version("keng"), context, at_hand=at_hand).fetch(permitted)
    except NotNow:
        _told(fetched, permitted, "waiting", "")
    except NoNetwork as fault:
        _told(fetched, permitted, "failed", f"net: {fault}")
    except ReleaseFault as fault:
        _told(fetched, permitted, "failed", str(fault))
    except (KengError, LinkFault) as fault:
        _told(fetched, permitted, "failed", f"settings: {fault.en}")
    except OSError as fault:
        full = fault.errno in (errno.ENOSPC, errno.EDQUOT)
        _told(fetched, permitted, "failed", "full" if full else f"disk: {fault.strerror}")
    else:
        (fetched / TOLD).unlink(missing_ok=True)  # from here on the installer speaks: no clock need say who did last
        return 0
    return 1


def _told(fetched: Path, permitted: Permitted, state: str, why: str) -> None:
    _log.info("%s %s %s", permitted.release.version, state, why)
    line = "".join(letter for letter in " ".join(why.split()) if letter.isprintable())[:WHY_CHARS]
    write(fetched / TOLD, Updating(offer=permitted.offer, version=permitted.release.version, state=state, why=line))


def _around() -> Surroundings:
    return Surroundings(
        layout=Layout(),
        run=RUN,
        fetched=FETCHED,
        state=STATE,
        keys=release_keys,
        target=target,
        set_up=_set_up,
        doctor=_doctor,
        restart=RESTART.touch,
        wait=time.sleep,
        now_s=time.monotonic,
    )


def _set_up(bundle: Path, folder: Path) -> None:
    # Not install.sh, which misses the files of other machines; each file that is here was checked.
    command = ["bash", str(bundle / "deploy" / "node.sh"), "--program-only", "--program", str(folder)]
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(STATE), "TMPDIR": str(folder.parent)}
    subprocess.run(command, check=True, timeout=SET_UP_S, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603 - proved
    _log.info("set up for Python %s", platform.python_version())


def _doctor(folder: Path) -> str:
    """As the node's own user: the new version has nothing to do with root yet."""
    user = pwd.getpwnam(USER)
    groups = os.getgrouplist(USER, user.pw_gid)
    command = [str(folder / "bin" / "keng-node"), "doctor", "--quick", "--lang", "en"]
    try:
        done = subprocess.run(  # noqa: S603 - proved
            command, capture_output=True, text=True, timeout=DOCTOR_S, check=False, cwd="/", stdin=subprocess.DEVNULL,
            user=user.pw_uid, group=user.pw_gid, extra_groups=groups,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "LG_WD": "/var/lib/keng-node"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    bad = [line[1:].strip() for line in done.stdout.splitlines() if line.startswith("✗")]
    return (bad or done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[0 if bad else -1]


if __name__ == "__main__":
    sys.exit(main())
