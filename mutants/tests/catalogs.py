"""The console's English: each room's `locale/en/LC_MESSAGES/django.po`, compiled beside it (`make catalogs`).

The templates are Vietnamese; what has no English is found by `missing`, which a test holds to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polib

CONSOLE = Path(__file__).resolve().parent.parent / "broker" / "console"
TRANSLATE = re.compile(r"""{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate\s*%}", re.S)
CALL = re.compile(r"""\b(?:_|gettext|gettext_lazy)\(\s*((?:"(?:[^"\\\\]|\\\\.)*"\s*)+)""", re.S)
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"')


def catalogs() -> list[Path]:
    """Every .po."""
    return sorted(CONSOLE.rglob("locale/en/LC_MESSAGES/django.po"))


def said() -> Iterator[tuple[Path, str]]:
    """Every sentence that is to be translated, and where it stands."""
    for path in sorted(CONSOLE.rglob("*.html")):
        text = path.read_text("utf-8")
        for found in TRANSLATE.finditer(text):
            yield path, found[1] or found[2] or ""
        for found in BLOCK.finditer(text):
            yield path, re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", found[1])
    for path in sorted(CONSOLE.rglob("*.py")):
        for found in CALL.finditer(path.read_text("utf-8")):
            yield path, "".join(PIECE.findall(found[1])).replace('\\"', '"')


def missing() -> list[str]:
    """What has no English, with its place."""
    known = {entry.msgid for path in catalogs() for entry in polib.pofile(str(path)) if entry.msgstr}
    return [f"{path.relative_to(CONSOLE)}: {text}" for path, text in said() if text not in known]


def compiled(path: Path) -> bytes:
    """What stands in the .mo of a .po."""
    catalog: bytes = polib.pofile(str(path)).to_binary()
    return catalog


def main() -> None:
    """Compile them all."""
    for path in catalogs():
        path.with_suffix(".mo").write_bytes(compiled(path))
    for line in missing():
        print(line)


if __name__ == "__main__":
    main()
