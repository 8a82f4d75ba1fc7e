"""What the `keng` command says about patterns and code books.

    keng patterns list | show NAME | render NAME OUT.wav | play NAME      [--codebook FILE] [--voice FILE]
    keng codebook check FILE

`add_parsers` mounts them on an argparse command; each sets `args.run`, a function of the parsed arguments that returns
the exit code: 0 done; 1 a sentence on stderr says what is wrong and what to do. `args.lang` ("vi" unless said
otherwise) and `args.json` are heeded, before or after the verb.

What must always hold: Vietnamese first; NumPy is imported only where sound is made.
Does not know: the network. preview.py plays.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from patterns.book import message_size
from patterns.bookreport import chime_lines, summary, warnings
from patterns.builtin import builtins
from patterns.cache import wav_bytes
from patterns.clip import RATE, Clip
from patterns.codebook import CodeBook, load_codebook
from patterns.errors import Fault, KengError, PatternsError
from patterns.packed import check_ask
from patterns.picture import described, picture
from patterns.prepare import NoRenderer, renderer
from patterns.preview import play
from patterns.score import Score
from patterns.voice import DEFAULT_VOICE, load_voice
from patterns.yamlfile import read_yaml

if TYPE_CHECKING:
    Subparsers: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

ENDLESS_S = 12
"""How long an endless pattern is rendered or played, unless said otherwise: ten passes of a three-beat."""
MAX_SECONDS = 600
"""The longest alarm."""

Run: TypeAlias = Callable[[argparse.Namespace], int]


class UnknownPattern(PatternsError, LookupError):
    """No such pattern in the code book or among the built-in ones."""


class OutputError(KengError, OSError):
    """A file cannot be written."""


def add_parsers(subparsers: Subparsers) -> None:
    """Mount `patterns` and `codebook check` on a command's subparsers."""
    patterns = subparsers.add_parser("patterns", help="bản kẻng / what a gong can play")
    verbs = patterns.add_subparsers(required=True, metavar="list|show|render|play")
    _add(verbs, "list", run_list, "kể tên các bản kẻng / name them")
    _named(_add(verbs, "show", run_show, "vẽ một bản kẻng / draw one")).add_argument("--width", type=int)
    render = _named(_add(verbs, "render", run_render, "ghi ra tệp WAV / write a WAV"))
    render.add_argument("out", type=Path, metavar="OUT.wav")
    for parser in (render, _named(_add(verbs, "play", run_play, "nghe thử / listen to one"))):
        parser.add_argument("--seconds", type=_seconds, metavar="S", help=f"nếu lặp mãi / if endless ({ENDLESS_S})")
    codebook = subparsers.add_parser("codebook", help="quy ước kẻng / code books")
    add_check(codebook.add_subparsers(required=True, metavar="check|push"))


def add_check(verbs: Subparsers) -> None:
    """Mount `check` on the subparsers of `codebook`, for a command that has more verbs there."""
    check = verbs.add_parser("check", help="kiểm tra tệp quy ước / check a file")
    check.add_argument("file", type=Path, metavar="FILE")
    _common(check, run_check)


def _add(verbs: Subparsers, name: str, run: Run, summary: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=summary)
    parser.add_argument("--codebook", type=Path, metavar="FILE", help="cả bản của quy ước này / of this book, too")
    return _common(parser, run)


def _named(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("name", metavar="NAME", help="tên bản kẻng / of the pattern: cong-lac/alarm")
    parser.add_argument("--voice", type=Path, metavar="FILE", help="tệp YAML tả tiếng kẻng / how the bar sounds")
    return parser


def _common(parser: argparse.ArgumentParser, run: Run) -> argparse.ArgumentParser:
    # SUPPRESS: said before the verb, they must not be reset by the verb's own defaults.
    parser.add_argument("--lang", choices=("vi", "en"), default=argparse.SUPPRESS, help="tiếng Việt / tiếng Anh")
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="một dòng JSON / for programs")
    parser.set_defaults(run=run)
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.1 <= seconds <= MAX_SECONDS:
        raise ValueError(text)
    return seconds


def _english(args: argparse.Namespace) -> bool:
    return getattr(args, "lang", "vi") == "en"


def _as_json(args: argparse.Namespace) -> bool:
    return bool(getattr(args, "json", False))


def _say(args: argparse.Namespace, vi: str, en: str) -> None:
    sys.stdout.write((en if _english(args) else vi) + "\n")


def _say_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _told(run: Run) -> Run:
    """Faults that a person can act on become sentences on stderr and exit code 1."""

    @wraps(run)
    def told(args: argparse.Namespace) -> int:
        try:
            return run(args)
        except KengError as error:
            if _as_json(args):
                _say_json(
                    {"ok": False, "vi": error.vi, "en": error.en, "faults": [_fault(one) for one in error.faults]}
                )
            else:
                sys.stderr.write(f"{error.en if _english(args) else error}\n")
            return 1

    return told


def _fault(fault: Fault) -> dict[str, object]:
    return {"file": fault.source, "line": fault.line, "field": fault.field, "vi": fault.vi, "en": fault.en}


@_told
def run_list(args: argparse.Namespace) -> int:
    """Every pattern: name, titles, what for, what is struck."""
    book = _book(args)
    own = {} if book is None else {name: score.named(name) for name, score in book.patterns.items()}
    scores = list((own | {name: score for name, score in builtins().items() if name not in own}).values())
    if _as_json(args):
        _say_json([_summary(score) for score in scores])
        return 0
    wide = max(len(score.name) for score in scores)
    for score in scores:
        vi, en = described(score.timeline())
        _say(
            args,
            f"{score.name:<{wide}}  {score.title_vi or score.name}: {vi}",
            f"{score.name:<{wide}}  {score.title_en or score.name}: {en}",
        )
    return 0


@_told
def run_show(args: argparse.Namespace) -> int:
    """A picture of one pattern."""
    score = _score(args)
    if _as_json(args):
        timeline = score.timeline()
        strokes = {
            "head": [[hit.at_ms, hit.gain] for hit in timeline.head],
            "head_ms": timeline.head_ms,
            "loop": [[hit.at_ms, hit.gain] for hit in timeline.loop],
            "loop_ms": timeline.loop_ms,
        }
        _say_json(_summary(score) | strokes)
        return 0
    width = args.width or shutil.get_terminal_size().columns
    try:
        clip = _clip(args, score)
    except NoRenderer as error:  # strokes can be drawn all the same
        clip = None
        sys.stderr.write(f"{error.en if _english(args) else error}\n")
    sys.stdout.write(picture(score, clip, width) + "\n")
    return 0


def _put(out: Path, sound: bytes) -> None:
    """Whole or not at all: on a full disk an older file of that name stays."""
    if out.exists() and not out.is_file():
        out.write_bytes(sound)  # a pipe, /dev/stdout
        return
    out = out.resolve()
    part = out.with_name(f".keng-{os.getpid()}.part")
    try:
        part.write_bytes(sound)
        part.replace(out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@_told
def run_render(args: argparse.Namespace) -> int:
    """A WAV of one pattern."""
    score = _score(args)
    sound = _sound(args, score)
    out: Path = args.out
    try:
        _put(out, sound)
    except OSError as error:
        raise OutputError(
            f"{out}: không ghi được ({error.strerror}). Hãy chọn thư mục khác.",
            f"{out}: cannot be written ({error.strerror}). Choose another folder.",
        ) from error
    if _as_json(args):
        _say_json({"ok": True, "pattern": score.name, "wav": str(out), "bytes": len(sound)})
    else:
        _say(args, f"Đã ghi {out}.", f"Wrote {out}.")
    return 0


@_told
def run_play(args: argparse.Namespace) -> int:
    """One pattern on this machine's loudspeaker."""
    score = _score(args)
    sound = _sound(args, score)
    _say(args, f"Đang nghe {score.name} (Ctrl-C để dừng).", f"Playing {score.name} (Ctrl-C stops).")
    try:
        play(sound)
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    return 0


@_told
def run_check(args: argparse.Namespace) -> int:
    """Whether a code book is right, and what it says."""
    book = load_codebook(args.file)
    size = message_size(book)
    ask = check_ask(cast(dict[str, Any], read_yaml(args.file).value), args.file)
    if _as_json(args):
        counts = {"hamlets": len(book.hamlets), "nodes": len(book.nodes), "chimes": len(book.chimes)}
        about = {"ok": True, "commune": book.commune, "version": book.version, "faults": []}
        sizes = {"message_bytes": size, "ask_bytes": ask}
        notes = [en if _english(args) else vi for vi, en in warnings(book)]
        _say_json(about | sizes | counts | {"patterns": list(book.patterns), "warnings": notes})
        return 0
    _say(args, *summary(args.file, book, ask, size))
    for vi, en in warnings(book):
        _say(args, f"  {vi}", f"  {en}")
    for line in chime_lines(book):
        sys.stdout.write(f"  {line}\n")
    return 0


def _book(args: argparse.Namespace) -> CodeBook | None:
    return None if args.codebook is None else load_codebook(args.codebook)


def _score(args: argparse.Namespace) -> Score:
    book = _book(args)
    found = builtins().get(args.name) if book is None else book.resolve(args.name)
    if found is None:
        raise UnknownPattern(
            f"{args.name}: không có bản kẻng này. Xem: keng patterns list",
            f"{args.name}: no such pattern. See: keng patterns list",
        )
    return found


def _clip(args: argparse.Namespace, score: Score) -> Clip:
    voice = DEFAULT_VOICE if args.voice is None else load_voice(args.voice)
    render = renderer()
    clip: Clip = render.render(score, render.stroke_of(voice)).clip(score.name)
    return clip


def _sound(args: argparse.Namespace, score: Score) -> bytes:
    clip = _clip(args, score)
    frames = clip.frames if clip.loop_start is None else round((args.seconds or ENDLESS_S) * RATE)
    return wav_bytes(clip.played(frames))


def _summary(score: Score) -> dict[str, object]:
    timeline = score.timeline()
    return {
        "name": score.name,
        "title": {"vi": score.title_vi, "en": score.title_en},
        "use": score.use,
        "endless": score.endless,
        "strokes": timeline.strokes,
        "length_ms": timeline.length_ms,
    }
