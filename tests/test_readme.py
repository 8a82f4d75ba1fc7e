"""The documents say what is: drawings are the code's, commands exist, links lead somewhere, and the README is short."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import readme

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
TEXTS = {name: (ROOT / name).read_text("utf-8") for name in readme.DOCUMENTS}
LINKED = (*readme.DOCUMENTS, *(f"deploy/{name}.md" for name in ("README", "PARTS")))
FIRST_SCREEN = 30
MOST_LINES = 160


@pytest.mark.parametrize("name", readme.DOCUMENTS)
def test_the_drawings_are_made_from_the_tables(name):
    assert readme.filled(TEXTS[name]) == TEXTS[name], "run: make readme"


def test_every_drawing_is_shown():
    shown = [name for text in TEXTS.values() for _, name, _ in readme.MARK.findall(text)]
    assert sorted(shown) == sorted(readme.DRAWN), "each once"


def test_a_newcomer_finds_on_the_first_screen_what_it_is_two_commands_and_a_picture():
    screen = "\n".join(README.splitlines()[:FIRST_SCREEN])
    assert "kẻng" in screen and len(re.findall(r"^    bash ", screen, re.M)) == 2 and "![" in screen
    assert len(README.splitlines()) <= MOST_LINES, "what is reference has files of its own"


@pytest.mark.parametrize("name", LINKED)
def test_every_link_leads_to_a_file_and_a_heading(name):
    text = (ROOT / name).read_text("utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", text)
    assert links
    for file, heading in links:
        target = (ROOT / name).parent / file if file else ROOT / name
        assert target.exists(), file
        if heading:
            heads = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.M)
            assert heading in [re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads], heading


def test_every_make_verb_that_they_name_exists():
    verbs = {verb for text in TEXTS.values() for verb in re.findall(r"`make ([a-z]+)", text)}
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert verbs
    assert verbs <= known


def test_every_keng_verb_that_it_names_exists():
    command = [sys.executable, "-c", "from broker.cli import main; main(['--help'])"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    verbs = set(re.findall(r"(?:^ +\.venv/bin/|^ +sudo |`)keng ([a-z]+)", README, re.M))
    assert verbs
    assert not [verb for verb in verbs if verb not in shown]
