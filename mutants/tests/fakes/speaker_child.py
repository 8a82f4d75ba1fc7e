"""One real speaker in a process of its own, told what to do in JSON lines on stdin, reporting in JSON lines on stdout.

    python speaker_child.py {"kind": "alsa", "device": "gong"}       or aplay, or {"kind": "wavfile", "path": "…"}
    <- {"do": "play", "ref": "a", "clip": ["bursts", 400], "at_ms": null}   {"do": "stop", "ref": null}
       {"do": "stats"}   {"do": "close"}
    -> {"said": "Started", "ref": …}  {"said": "called", "took_ns": …, "at_ns": …}  {"said": "stats", …}

Its own process, because libasound reads ALSA_CONFIG_PATH once, and because memory and CPU are then the speaker's own.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from fakes.clips import bursts, steady  # noqa: E402 - found by the line above

from node.speaker.alsa import AlsaCard  # noqa: E402 - after the path is set
from node.speaker.aplay import AplayChild  # noqa: E402 - after the path is set
from node.speaker.player import Player  # noqa: E402 - after the path is set
from node.speaker.sink import Sink  # noqa: E402 - after the path is set
from node.speaker.wavfile import WavFile  # noqa: E402 - after the path is set

_CLIPS = {"bursts": bursts, "steady": steady}
_pen = threading.Lock()


def _say(said: str, **fields: Any) -> None:
    with _pen:
        sys.stdout.write(json.dumps({"said": said, **fields}) + "\n")
        sys.stdout.flush()


def _sink(kind: str, device: str = "", path: str = "") -> Sink:
    if kind == "alsa":
        return AlsaCard(device)
    return AplayChild(device) if kind == "aplay" else WavFile(Path(path))


def _stats() -> dict[str, Any]:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"rss_kib": pages * 4, "cpu_s": used.ru_utime + used.ru_stime}


def main() -> None:
    options = json.loads(sys.argv[1])
    more = {name: options.pop(name) for name in ("gain_db", "realtime") if name in options}
    speaker = Player(_sink(**options), lambda report: _say(type(report).__name__, **asdict(report)), **more)
    for line in sys.stdin:
        order = json.loads(line)
        clip = _CLIPS[order["clip"][0]](*_tuples(order["clip"][1:])) if "clip" in order else None
        at_ns = time.monotonic_ns()
        if order["do"] == "play" and clip:
            speaker.play(order["ref"], clip, order["at_ms"])
        elif order["do"] == "stop":
            speaker.stop(order["ref"])
        elif order["do"] == "stats":
            _say("stats", progress=speaker.progress(), **_stats())
        elif order["do"] == "close":
            break
        _say("called", do=order["do"], at_ns=at_ns, took_ns=time.monotonic_ns() - at_ns)
    speaker.close()
    _say("closed")


def _tuples(arguments: list[Any]) -> list[Any]:
    return [tuple(a) if isinstance(a, list) else a for a in arguments]


if __name__ == "__main__":
    main()
