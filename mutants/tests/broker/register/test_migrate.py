"""Django works in a child, and the running service never pays for it."""

import subprocess
import sys
from pathlib import Path


def test_opening_a_register_that_is_up_to_date_imports_no_django(home: Path) -> None:
    code = (
        "import sys;from pathlib import Path;from broker.register.store import SqliteRegister as S;"
        "S(Path(sys.argv[1])).close();import broker.run;"
        "print([m for m in sys.modules if m.split('.')[0] in ('django','rich','textual','numpy','pydub')])"
    )
    done = subprocess.run([sys.executable, "-c", code, home], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_migrating_twice_is_migrating_once(blank: Path) -> None:
    before = blank.read_bytes()
    subprocess.run([sys.executable, "-m", "broker.register.migrate", blank], check=True)
    assert blank.read_bytes() == before
