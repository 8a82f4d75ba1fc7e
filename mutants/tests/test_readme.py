"""The README says what is: its drawings are the code's, its commands exist, its pictures are there."""

import re
import subprocess
import sys
from pathlib import Path

import readme

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text("utf-8")


def test_the_drawings_are_made_from_the_tables():
    assert readme.filled(TEXT) == TEXT, "run: make readme"


def test_every_drawing_is_shown():
    assert {name for _, name, _ in readme.MARK.findall(TEXT)} == set(readme.DRAWN)


def test_every_picture_and_file_that_it_links_is_there():
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


def test_every_make_verb_that_it_names_exists():
    verbs = set(re.findall(r"`make ([a-z]+)", TEXT))
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert verbs
    assert verbs <= known


def test_every_keng_verb_that_it_names_exists():
    command = [sys.executable, "-c", "from broker.cli import main; main(['--help'])"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    verbs = set(re.findall(r"^    \.venv/bin/keng ([a-z]+)", TEXT, re.M))
    assert verbs
    assert not [verb for verb in verbs if verb not in shown]
