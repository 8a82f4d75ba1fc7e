"""What can be wrong with what a person wrote, said in both languages of the house.

    KengError                 what a person can act on; the other rooms' errors grow from it too
    └── PatternsError         (ValueError) a score or a code book
        ├── YamlError         not YAML, or not the kind of YAML that is read here
        ├── ScoreError        a score that cannot be played
        ├── CodeBookError     a code book that contradicts itself
        ├── VoiceError        a description of a gong's voice that cannot be used
        └── RecordingError    a recorded stroke that cannot be used

What must hold: both sentences say what is wrong, where, and what to do. A file's faults come together, one `Fault`
each.
"""

from __future__ import annotations

from dataclasses import dataclass

MESSAGE = "message"
"""The place of a fault in something that came over the wire rather than from a file."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place."""

    source: str
    """The file's name, or `MESSAGE`."""
    line: int | None
    """From 1; None where there are no lines."""
    field: str
    """As a path, `chimes[2].at`; empty for the whole file."""
    vi: str
    """What is wrong and what to do, in Vietnamese."""
    en: str
    """The same in English."""

    def sentence_vi(self) -> str:
        """Place and fault in Vietnamese."""
        source = "bản tin" if self.source == MESSAGE else self.source
        return self._sentence(source, "dòng", self.vi)

    def sentence_en(self) -> str:
        """Place and fault in English."""
        return self._sentence(self.source, "line", self.en)

    def _sentence(self, source: str, word_for_line: str, what: str) -> str:
        line = "" if self.line is None else f"{word_for_line} {self.line}"
        return ", ".join(part for part in (source, line, self.field) if part) + ": " + what


class KengError(Exception):
    """A fault with a sentence in Vietnamese and one in English: what is wrong, where, what to do."""

    def __init__(self, vi: str, en: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(vi, en)
        self.vi = vi
        """The sentence in Vietnamese, shown first."""
        self.en = en
        """The same in English."""
        self.faults = faults
        """Each fault by itself, where there are several or a program wants to know the line."""

    def __str__(self) -> str:
        return f"{self.vi}\n{self.en}"


class PatternsError(KengError, ValueError):
    """A score or a code book cannot be used as written."""


class YamlError(PatternsError):
    """Not YAML, too large, or with anchors that grow without bound."""


class ScoreError(PatternsError):
    """A score that cannot be played: file, line and field are in the sentence."""


class CodeBookError(PatternsError):
    """A code book that contradicts itself or the limits of the wire."""


class VoiceError(PatternsError):
    """A description of a gong's voice that cannot be used."""


class RecordingError(PatternsError):
    """A hamlet's own recording of its gong that cannot be read or used."""
