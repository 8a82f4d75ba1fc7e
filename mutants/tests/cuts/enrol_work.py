"""The commune's own files at work: python enrol_work.py FOLDER ROUNDS — under the recorder.

A list of passwords is written anew again and again, a key is made each time, and at last the commune's authority; each
is claimed when it is done.
"""

import sys
from pathlib import Path

from cuts.recording import claim

from broker.cli import main as keng
from broker.enrolment.files import SECRET, put
from broker.mosquitto.ca import make_authority


def passwords(number: int) -> str:
    """The list at its writing `number`; a node more or less each time."""
    return "".join(f"n{node}:$7$101$a-hash-of-{number}$\n" for node in range(10 + number % 7))


def main(folder: Path, rounds: int) -> None:
    """Write and claim."""
    for number in range(rounds):
        put(folder / "nodes.passwords", passwords(number), SECRET)
        claim(passwords=number)
        keng(["keys", "new", str(folder / f"{number}.key")])
        claim(file=f"{number}.key")
    make_authority(folder, "cong-lac")
    claim(file="ca.key")
    claim(file="ca.crt")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
