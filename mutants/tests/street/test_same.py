"""The same seed is the same run, to the event: in one process, and in two with other hash seeds."""

import os
import subprocess
import sys
from pathlib import Path

from street.plan import plan, play

ROOT = Path(__file__).parent.parent.parent
SEEDS = (0, 5, 11)
DIGEST = """
import hashlib, sys
sys.path.insert(0, "tests")
from street.plan import plan, play
log = []
script = play(plan(int(sys.argv[1])), log=log)
whole = repr((log, script.town.witness.heard, script.town.service.shelf.journal)).encode()
print(len(log), hashlib.sha256(whole).hexdigest())
"""


def run_of(seed):
    log = []
    script = play(plan(seed), log=log)
    return log, script.town.witness.heard, script.town.service.shelf.journal, script.town.witness.stated


def test_two_runs_of_a_seed_are_equal_to_the_event():
    for seed in SEEDS:
        assert run_of(seed) == run_of(seed)


def test_two_seeds_are_two_runs():
    assert run_of(0) != run_of(1)


def test_two_processes_agree_whatever_their_hash_seeds():
    said = set()
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", DIGEST, "5"],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        said.add(done.stdout)
    assert len(said) == 1
