"""`python -m deploy.demo`: see deploy/demo.sh."""

from __future__ import annotations

import signal
import sys
import threading

from broker.cli.terminal import clean
from deploy.demo import headless
from deploy.demo.options import read_options
from patterns.errors import KengError


def main() -> int:
    """Run the demo; its exit code."""
    options = read_options()
    stopping = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: stopping.set())
    try:
        if options.headless:
            return headless.run(options, stopping)
        from deploy.demo.screen import run

        return run(options, stopping)
    except KengError as error:
        sys.stderr.write(f"{clean(str(error))}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
