"""A commune's service that kills itself: python cut_service.py HOME PORT POINT COUNT [OFFSET_MS].

It ends by SIGKILL when it comes to POINT for the COUNT-th time; "never" serves until it is ended.
"""

import os
import signal
import sys
from pathlib import Path

from broker.loop import Point
from broker.run import Service
from broker.settings import CommuneSettings, MqttSettings


def main(home: Path, port: int, point: str, count: int, offset_ms: int = 0) -> None:
    """Serve."""
    passed = 0

    def cut(here: Point) -> None:
        nonlocal passed
        passed += here == point
        if here == point and passed == count:
            os.kill(os.getpid(), signal.SIGKILL)

    settings = CommuneSettings("cong-lac", home, mqtt=MqttSettings("127.0.0.1", port), open_network=True)
    with Service(settings, clock_offset_ms=offset_ms, cut=cut) as service:
        service.serve(lambda _: os.write(1, b"ready\n"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:]))
