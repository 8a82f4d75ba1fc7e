"""The demo without a screen, for programs: one line of JSON on stdout when all is ready, everything else on stderr."""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import asdict

from deploy.demo.desk import open_desk
from deploy.demo.options import Options
from deploy.demo.ports import HOST
from deploy.demo.town import Town, await_ready, build, program


def run(options: Options, stopping: threading.Event) -> int:
    """Until `stopping`. KengError."""
    town = build(options, say)
    try:
        if await_ready(town, options, stopping.is_set):
            desk = open_desk(town) if options.console else None
            line = {**ready_line(town), **({} if desk is None else {"console": asdict(desk)})}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
            sys.stdout.flush()
            stopping.wait()
    finally:
        town.end()
    return 0


def ready_line(town: Town) -> dict[str, object]:
    """What a program must know to take part."""
    pids = town.children.pids()
    return {
        "ready": True,
        "mqtt": {"host": HOST, "port": town.port},
        "commune": town.commune,
        "nodes": [
            {
                "node": hamlet.node,
                "hamlet": hamlet.hamlet,
                "name": hamlet.name,
                "wav": town.wav(hamlet),
                "pid": pids.get(hamlet.node),
                "control": str(town.home.control(hamlet)),
                "trace": str(town.home.trace(hamlet)),
            }
            for hamlet in town.home.hamlets
        ],
        "home": str(town.home.folder),
        "keng": program("keng"),
        "pids": pids,
    }


def say(vi: str, en: str) -> None:
    """A sentence on stderr."""
    sys.stderr.write("\n".join(part for part in (vi, en) if part) + "\n")
    sys.stderr.flush()
