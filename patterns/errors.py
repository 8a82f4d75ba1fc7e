"""What can be wrong with what a person wrote, said in both languages of the house.

    KengError                 what a person can act on; the other rooms' errors grow from it too
    └── PatternsError         (ValueError) a score or a code book
        ├── YamlError         not YAML, or not the kind of YAML that is read here
        ├── ScoreError        a score that cannot be played
        ├── CodeBookError     a code book that contradicts itself
        └── RecordingError    a recorded stroke that cannot be used
"""

from __future__ import annotations


class KengError(Exception):
    """A fault with a sentence in Vietnamese and one in English: what is wrong, where, what to do."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(vi, en)
        self.vi = vi
        """The sentence in Vietnamese, shown first."""
        self.en = en
        """The same in English."""

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


class RecordingError(PatternsError):
    """A hamlet's own recording of its gong that cannot be read or used."""
