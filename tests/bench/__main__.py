"""`make bench`: everything in one run, one table, each figure against a peer of the same run.

python -m tests.bench                 all, some 15 minutes
python -m tests.bench fanout voices   parts
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import card, chorus, console, fanout, figures, pages, voices, weight
from fakes.mosquitto import Mosquitto

PARTS = ("voices", "chorus", "fanout", "weight", "card", "console", "pages")
SAVED = Path("bench-latest.json")
OPEN_FILES = 8_192  # a thousand light clients on each side


def main() -> int:
    """Run the parts that were named, or all; 1 if a goal was missed."""
    wanted = sys.argv[1:] or list(PARTS)
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (OPEN_FILES, max(OPEN_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    )
    found: list[figures.Figure] = []
    # An installed node has its byte code beside it: a checkout without it must not be measured instead.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / f"keng-bench-{os.getuid()}")
    for part in wanted:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            broker = Mosquitto(home / "broker", "max_connections -1", "set_tcp_nodelay true")
            broker.start()
            try:
                say(part)
                if part == "voices":
                    found += voices.run(broker, home, say)
                elif part == "chorus":
                    found += chorus.run(broker, home, say)
                elif part == "fanout":
                    found += fanout.run(broker)
                elif part == "weight":
                    found += weight.run(broker, home, say)
                elif part == "card":
                    found += card.run(broker, home, say)
                elif part == "console":
                    found += console.run(broker, home, say)
                elif part == "pages":
                    found += pages.run(broker, home, say)
                else:
                    say(f"no such part: {part}; there are {', '.join(PARTS)}")
                    return 2
            finally:
                broker.kill()
    print(figures.table(found))
    figures.save(found, SAVED)
    return 1 if any(one.met is False for one in found) else 0


def say(what: str) -> None:
    """Where it is: a bench takes minutes."""
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
