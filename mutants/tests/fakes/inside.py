"""Lines of Python in a console's own Django, in a process of its own: Django is set up once in a process.

said('print(json.dumps(make_password("x")))')     # what the lines print, as JSON
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable

import pytest
from fakes.communerun import ROOT

HEAD = """
import json, sys, time
from pathlib import Path
from broker.console.run import prepare
prepare(Path(sys.argv[1]))
from django.contrib.auth.hashers import make_password
from broker.console.people import notes, pin
from broker.console.people.models import Officer, Untold
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], object]:
    """Runs lines; what they print."""
    home = tmp_path_factory.mktemp("inside")
    settings = home / "console.yaml"
    settings.write_text(f"commune: cong-lac\nname: Xã Cộng Lạc\nregister: {home}\nhome: {home}\n")

    def run(lines: str) -> object:
        script = HEAD + textwrap.dedent(lines)
        done = subprocess.run(
            [sys.executable, "-c", script, str(settings)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
