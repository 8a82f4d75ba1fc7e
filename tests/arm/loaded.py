"""Inside: what a running node has loaded, and how wide this processor's words are. It starts no node.

python loaded.py        one line of JSON
"""

import ctypes
import importlib
import json
import platform
import struct
import sys

HEAVY = ("numpy", "django", "rich", "textual", "pydub", "cryptography")


def main() -> int:
    for name in ("node.run", "node.cli", "node.speaker.alsa", "node.ear.alsa", "wire.link"):
        importlib.import_module(name)
    print(
        json.dumps(
            {
                "machine": platform.machine(), "python": platform.python_version(), "modules": len(sys.modules),
                "heavy": [name for name in HEAVY if name in sys.modules], "pointer": struct.calcsize("P"),
                "long": ctypes.sizeof(ctypes.c_long),
            }
        )
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
