"""Renders what a code book needs into the cache, so that nodes find it there.

    python -m patterns.prepare SOURCE CACHE_DIR [--voice FILE] [--lang en] [--json]

SOURCE is a code book (YAML), a CodeBook message (a file ending in .json), or the word `builtins` for every built-in
pattern. Run by the demo's setup, and by a node as a niced child when it has received a new code book: rendering takes
seconds, and the node must not wait.

What must always hold: what is there already is not rendered again; ending it at any moment leaves no broken entry; the
cache stays below MAX_CACHE_BYTES, but what this code book needs is never thrown out.

Exit codes: 0 all there; 1 a sentence on stderr says why not; 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType

from patterns.builtin import builtins
from patterns.cache import TEMPORARY, find, key, store
from patterns.codebook import codebook_from_message, load_codebook
from patterns.errors import CodeBookError, KengError, PatternsError
from patterns.score import Score
from patterns.voice import DEFAULT_VOICE, Voice, load_voice

BUILTINS = "builtins"
"""In place of a code book: every built-in pattern."""
MAX_CACHE_BYTES = 256 * 1024 * 1024
"""Some hundred patterns; nothing on the smallest SD card."""
MAX_MESSAGE_FILE_BYTES = 64 * 1024
"""Eight times what the wire carries, for spaces and indentation."""
STALE_S = 3600
"""A half-written file that old has no writer any more."""

Progress = Callable[[int, int, Score, float | None], None]
"""Called after each pattern: number, of how many, which, seconds it took to render (None: was there)."""


class NoRenderer(PatternsError, ImportError):
    """NumPy is not installed."""


def prepare(scores: Iterable[Score], voice: Voice, cache_dir: Path, progress: Progress | None = None) -> int:
    """Render what is missing; how many were. Raises RecordingError, NoRenderer, OSError."""
    needed = list(scores)
    stroke = None
    rendered = 0
    for number, score in enumerate(needed, 1):
        took_s: float | None = None
        if find(cache_dir, score, voice) is None:
            rendering = renderer()
            started_s = time.monotonic()
            stroke = rendering.stroke_of(voice) if stroke is None else stroke
            sound = rendering.render(score, stroke)
            store(cache_dir, score, voice, sound.pcm, sound.loop_start, sound.loop_end, sound.strokes)
            took_s = time.monotonic() - started_s
            rendered += 1
        if progress is not None:
            progress(number, len(needed), score, took_s)
    prune(cache_dir, {key(score, voice) for score in needed})
    return rendered


def prune(cache_dir: Path, keep: set[str], limit_bytes: int = MAX_CACHE_BYTES) -> None:
    """Remove what was left half-written, and, over the limit, the oldest entries that nobody needs. Raises OSError."""
    now_s = time.time()
    for part in cache_dir.glob(f"{TEMPORARY}*"):
        if now_s - part.stat().st_mtime > STALE_S:
            part.unlink(missing_ok=True)
    entries = [(path.stat().st_mtime, path.stat().st_size, path) for path in cache_dir.glob("*.wav")]
    total = sum(size for _, size, _ in entries)
    for _, size, path in sorted(entries):
        if total <= limit_bytes:
            return
        if path.stem not in keep:
            path.with_suffix(".json").unlink(missing_ok=True)
            path.unlink(missing_ok=True)
            total -= size


def needed_scores(source: str) -> tuple[Score, ...]:
    """The scores of SOURCE. Raises CodeBookError."""
    if source == BUILTINS:
        return tuple(builtins().values())
    path = Path(source)
    if path.suffix != ".json":
        return load_codebook(path).needed()
    try:
        with path.open("rb") as file:
            message = json.loads(file.read(MAX_MESSAGE_FILE_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise CodeBookError(
            f"{path}: không đọc được bản tin quy ước ({error}).", f"{path}: no readable CodeBook message ({error})."
        ) from error
    return codebook_from_message(message).needed()


def renderer() -> ModuleType:
    """patterns.render, imported only when there is something to render: it needs NumPy."""
    try:
        return importlib.import_module("patterns.render")
    except ImportError as error:
        raise NoRenderer(
            f"thiếu {error.name}, cần để tạo âm thanh: pip install 'keng[render]'.",
            f"{error.name} is missing, and is needed to render: pip install 'keng[render]'.",
        ) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m patterns.prepare", description="Tạo sẵn âm thanh kẻng. / Render gong patterns ahead."
    )
    parser.add_argument("source", metavar="SOURCE", help="codebook.yaml | codebook.json | builtins")
    parser.add_argument("cache_dir", metavar="CACHE_DIR", type=Path)
    parser.add_argument("--voice", type=Path, metavar="FILE")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("--json", action="store_true", help="một dòng JSON mỗi bản / one JSON line each")
    args = parser.parse_args(arguments)
    try:
        voice = DEFAULT_VOICE if args.voice is None else load_voice(args.voice)
        prepare(needed_scores(args.source), voice, args.cache_dir, _json_line if args.json else _LINES[args.lang])
    except KengError as error:
        sys.stderr.write(f"{error.en if args.lang == 'en' else error}\n")
        return 1
    except OSError as error:
        place = error.filename or args.cache_dir
        sys.stderr.write(
            f"{place}: không ghi được ({error.strerror}).\n{place}: cannot be written ({error.strerror}).\n"
        )
        return 1
    return 0


def _line_vi(number: int, total: int, score: Score, took_s: float | None) -> None:
    how = "đã có" if took_s is None else f"tạo trong {took_s:.2f} s".replace(".", ",")
    _say(f"[{number}/{total}] {score.name} – {score.title_vi or score.name}: {how}")


def _line_en(number: int, total: int, score: Score, took_s: float | None) -> None:
    how = "there already" if took_s is None else f"rendered in {took_s:.2f} s"
    _say(f"[{number}/{total}] {score.name} – {score.title_en or score.name}: {how}")


def _json_line(number: int, total: int, score: Score, took_s: float | None) -> None:
    _say(json.dumps({"number": number, "of": total, "pattern": score.name, "rendered_s": took_s}))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


_LINES: dict[str, Progress] = {"vi": _line_vi, "en": _line_en}


if __name__ == "__main__":
    sys.exit(main())
