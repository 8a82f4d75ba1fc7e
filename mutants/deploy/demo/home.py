"""The demo's folder: who lives in it, and where each of their files is.

What must hold: a temporary home is gone at the end, a home that was asked for is kept; no two demos share one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from broker.cli import demos
from patterns.codebook import CodeBook, load_codebook
from patterns.errors import KengError

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""
CODEBOOK = ROOT / "patterns" / "data" / "codebooks" / "cong-lac.yaml"
TEMPORARY = "keng-demo-"
"""Start of a temporary home's name."""
LONGEST_SOCKET = 100
"""A Unix socket's path has 107 bytes at most."""


class DemoFault(KengError, OSError):
    """The demo cannot run here; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Hamlet:
    """One hamlet and its gong."""

    node: str
    """The node's id."""
    hamlet: str
    """The hamlet's id."""
    name: str
    """For people."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything of one demo is."""

    folder: Path
    """The home itself."""
    sockets: Path
    """Control sockets: in the home, unless its path is too long for one."""
    cache: Path
    """Rendered patterns; shared by all demos of this user."""
    book: CodeBook
    """What the commune agreed."""
    kept: bool
    """It was asked for, and is left as it is."""

    @property
    def hamlets(self) -> tuple[Hamlet, ...]:
        """In the order of the code book."""
        return tuple(
            Hamlet(node.slug, node.hamlet, self.book.hamlets[node.hamlet].name) for node in self.book.nodes.values()
        )

    def node(self, hamlet: Hamlet) -> Path:
        """The folder of one node."""
        return self.folder / "nodes" / hamlet.node

    def wav(self, hamlet: Hamlet) -> Path:
        """Its sound, where that goes to a file."""
        return self.folder / f"{hamlet.node}.wav"

    def trace(self, hamlet: Hamlet) -> Path:
        """Record of what happened to it."""
        return self.node(hamlet) / "trace.jsonl"

    def control(self, hamlet: Hamlet) -> Path:
        """Its control socket."""
        return self.sockets / f"{hamlet.node}.sock"

    def log(self, name: str) -> Path:
        """What a process wrote."""
        return self.folder / "logs" / f"{name}.log"


def make_home(chosen: Path | None) -> Home:
    """Make the folder. DemoFault if it cannot be, or if a demo lives there already."""
    book = load_codebook(CODEBOOK)
    _sweep()
    try:
        folder = Path(tempfile.mkdtemp(prefix=TEMPORARY)) if chosen is None else chosen
        for name in ("logs", "nodes", "commune"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        sockets = folder / "run"
        if len(os.fsencode(sockets)) + len("/.sock") + 32 > LONGEST_SOCKET:
            sockets = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir="/tmp"))
        sockets.mkdir(exist_ok=True)
    except OSError as error:
        raise DemoFault(
            f"{error.filename or chosen}: không tạo được thư mục ({error.strerror}). Hãy chọn chỗ khác: --home DIR",
            f"{error.filename or chosen}: cannot be made ({error.strerror}). Choose another place: --home DIR",
        ) from error
    if demos.at_home(folder) is not None:
        raise DemoFault(
            f"Đã có một bản chạy thử đang chạy trong {folder}. Hãy chọn thư mục khác, hoặc tắt bản kia.",
            f"A demo is running in {folder} already. Choose another folder, or end that one.",
        )
    return Home(folder, sockets, _cache(folder), book, chosen is not None)


def leave(home: Home) -> None:
    """Take away what is not to be kept."""
    for folder in {home.sockets} if home.kept else {home.sockets, home.folder}:
        shutil.rmtree(folder, ignore_errors=True)


def _cache(folder: Path) -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    try:
        cache = base / "keng" / "patterns"
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            return cache
    except OSError:
        return folder / "cache"


def _sweep() -> None:
    """Temporary homes of ours whose demo was killed before it could clean up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"):
        file = folder / demos.HOME_FILE
        try:
            if folder.stat().st_uid == os.getuid() and file.exists() and demos.at_home(folder) is None:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
