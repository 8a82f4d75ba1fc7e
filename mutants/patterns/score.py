"""A score: what a gong strikes and what for; how it is written in YAML, and in a code book on its way over the wire.

    title: {vi: Báo yên, en: Curfew}
    use: chime                      # alarm | chime | drill | all-clear | test; left out: alarm if it is endless, else
    chime steps:
      - roll: {strokes: 24, from_s: 0.8, to_s: 0.12}        # or duration_s instead of strokes
      - rest: 1
      - beats: {strokes: 3, every_s: 0.5}
      - gain: 0.6
      - stroke
      - repeat: {until: silenced, steps: [stroke]}          # or times: 5

What must always hold: a parsed score unfolds without error; whatever the value is, parsing ends, with a Score or with a
ScoreError that tells every fault with its place; `parse_score(score.to_plain())` gives the same steps again.

Does not know: which communes use it. Steps and their limits: steps.py. Their moments: timeline.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast, get_args

from patterns.errors import MESSAGE, ScoreError
from patterns.fields import Faults, Field, plain
from patterns.steps import (
    MAX_DEPTH,
    MAX_GAP_MS,
    MAX_LENGTH_MS,
    MAX_STEPS,
    MAX_STROKES,
    MAX_TIMES,
    MIN_GAIN,
    MIN_GAP_MS,
    Beats,
    Gain,
    Repeat,
    Rest,
    Roll,
    Step,
    Stroke,
)
from patterns.timeline import Timeline, roll_for, unfold

Use: TypeAlias = Literal["alarm", "chime", "drill", "all-clear", "test"]
"""What a pattern may be sounded for."""
USES: tuple[str, ...] = get_args(Use)
MAX_TITLE = 80
"""One line of a terminal."""
UNTIL_SILENCED = "silenced"
"""The only thing a repeat can wait for."""
_STEP_NAMES = ("beats", "gain", "repeat", "rest", "roll", "stroke")


@dataclass(frozen=True, slots=True)
class Score:
    """What a gong strikes, when, and what for."""

    name: str
    """As a code book or the built-in collection calls it; "" if nobody has yet."""
    title_vi: str
    """For people, in Vietnamese."""
    title_en: str
    """For people, in English."""
    use: Use
    """What it may be sounded for."""
    steps: tuple[Step, ...]
    """Played in order."""

    @property
    def endless(self) -> bool:
        """Whether it sounds until silenced."""
        last = self.steps[-1] if self.steps else None
        return isinstance(last, Repeat) and last.times is None

    def timeline(self) -> Timeline:
        """Unfold. Raises ScoreError if it breaks a limit, which a parsed score never does."""
        return unfold(self.steps)

    def fits(self, limit_ms: int) -> bool:
        """Whether it can be heard whole (head and one pass of a loop) before its lease or alarm is over."""
        return self.timeline().length_ms <= limit_ms

    def named(self, name: str) -> Score:
        """The same under another name."""
        return replace(self, name=name)

    def to_plain(self) -> dict[str, object]:
        """As JSON or YAML would write it."""
        written: dict[str, object] = {}
        if self.title_vi or self.title_en:
            written["title"] = {"vi": self.title_vi, "en": self.title_en}
        return written | {"use": self.use, "steps": [_written(step) for step in self.steps]}


def parse_score(value: object, where: str = MESSAGE, name: str = "") -> Score:
    """Read a score from plain values; `where` is named in errors. Raises only ScoreError, with all faults."""
    faults = Faults(plain(value, where))
    score = read_score(faults.top, name)
    faults.raise_all(ScoreError)
    if score is None:
        raise AssertionError("a score that is not there has a fault")
    return score


def read_score(field: Field, name: str = "") -> Score | None:
    """Read a score from a field: a mapping, or just its list of steps. None if there are faults."""
    before = len(field.faults.found)
    parts = {"steps": field} if isinstance(field.value, list) else field.record({"title", "use", "steps"}, {"steps"})
    title_vi, title_en = _title(parts.get("title"))
    use = parts["use"].choice(USES) if "use" in parts else None
    steps = _steps(parts["steps"], 0) if "steps" in parts else ()
    if len(field.faults.found) > before or not steps:
        return None
    score = Score(name, title_vi, title_en, "chime", steps)
    score = replace(score, use=cast(Use, use or ("alarm" if score.endless else "chime")))
    try:
        score.timeline()
    except ScoreError as error:
        parts["steps"].fault(error.vi, error.en)
        return None
    return score


def _title(field: Field | None) -> tuple[str, str]:
    if field is None:
        return "", ""
    if isinstance(field.value, str):
        text = field.text(MAX_TITLE) or ""
        return text, text
    parts = field.record({"vi", "en"}, {"vi"})
    vi = (parts["vi"].text(MAX_TITLE) or "") if "vi" in parts else ""
    return vi, (parts["en"].text(MAX_TITLE) or "") if "en" in parts else vi


def _steps(field: Field, depth: int) -> tuple[Step, ...]:
    items = field.items(MAX_STEPS)
    steps = tuple(step for step in (_step(item, depth) for item in items) if step is not None)
    if isinstance(field.value, list) and items and len(steps) == len(items) and not _lasts(steps):
        field.fault("không có tiếng nào.", "nothing to strike.")
    if field.value == []:
        field.fault("danh sách trống, hãy thêm ít nhất một bước.", "empty; add at least one step.")
    return steps


def _lasts(steps: Sequence[Step]) -> bool:
    """Whether any of it takes time: what takes none could be repeated a million times for nothing."""
    return any(not isinstance(step, Gain) for step in steps)


def _step(field: Field, depth: int) -> Step | None:
    if field.value == "stroke":
        return Stroke()
    if not isinstance(field.value, dict) or len(field.value) != 1:
        names = ", ".join(_STEP_NAMES)
        field.fault(f"mỗi bước là đúng một trong: {names}.", f"each step is exactly one of: {names}.")
        return None
    if "stroke" in field.value and field.value["stroke"] is None:
        return Stroke()
    parts = field.record(_STEP_NAMES)
    for name, part in parts.items():
        return _named_step(name, part, depth)
    field.fault("bước này trống.", "this step is empty.")
    return None


def _named_step(name: str, field: Field, depth: int) -> Step | None:
    match name:
        case "rest":
            rest_ms = _ms(field)
            return None if rest_ms is None else Rest(rest_ms)
        case "gain":
            gain = field.number(MIN_GAIN, 1)
            return None if gain is None else Gain(gain)
        case "beats":
            parts = field.record({"strokes", "every_s"}, {"strokes", "every_s"})
            strokes, every_ms = _count(parts.get("strokes"), 2), _ms(parts.get("every_s"))
            return None if strokes is None or every_ms is None else Beats(strokes, every_ms)
        case "roll":
            return _roll(field)
        case "repeat":
            return _repeat(field, depth)
        case _:
            field.fault("stroke không có giá trị; viết: - stroke", "stroke takes no value; write: - stroke")
            return None


def _roll(field: Field) -> Roll | None:
    parts = field.record({"strokes", "duration_s", "from_s", "to_s"}, {"from_s", "to_s"})
    from_ms, to_ms = _ms(parts.get("from_s")), _ms(parts.get("to_s"))
    strokes = _count(parts.get("strokes"), 3)
    duration = parts["duration_s"].number(MIN_GAP_MS / 1000, MAX_LENGTH_MS / 1000) if "duration_s" in parts else None
    if ("strokes" in parts) == ("duration_s" in parts) and isinstance(field.value, dict):
        field.fault("cần đúng một trong hai: strokes hoặc duration_s.", "needs exactly one of: strokes, duration_s.")
        return None
    if from_ms is None or to_ms is None:
        return None
    if duration is not None:
        return roll_for(round(duration * 1000), from_ms, to_ms)
    return None if strokes is None else Roll(strokes, from_ms, to_ms)


def _repeat(field: Field, depth: int) -> Repeat | None:
    if depth >= MAX_DEPTH:
        field.fault(f"repeat lồng quá {MAX_DEPTH} tầng.", f"repeats nested over {MAX_DEPTH} deep.")
        return None
    parts = field.record({"times", "until", "steps"}, {"steps"})
    if ("times" in parts) == ("until" in parts) and isinstance(field.value, dict):
        field.fault(
            "cần đúng một trong hai: times hoặc until: silenced.", "needs exactly one of: times, until: silenced."
        )
        return None
    steps = _steps(parts["steps"], depth + 1) if "steps" in parts else ()
    times = parts["times"].integer(1, MAX_TIMES) if "times" in parts else None
    until = parts["until"].choice({UNTIL_SILENCED}) if "until" in parts else None
    return Repeat(times, steps) if steps and (times or until) else None


def _count(field: Field | None, low: int) -> int | None:
    return None if field is None else field.integer(low, MAX_STROKES)


def _ms(field: Field | None) -> int | None:
    """An interval, written in seconds."""
    seconds = None if field is None else field.number(MIN_GAP_MS / 1000, MAX_GAP_MS / 1000)
    return None if seconds is None else round(seconds * 1000)


def _written(step: Step) -> object:
    match step:
        case Stroke():
            return "stroke"
        case Beats():
            return {"beats": {"strokes": step.strokes, "every_s": step.every_ms / 1000}}
        case Roll():
            return {"roll": {"strokes": step.strokes, "from_s": step.from_ms / 1000, "to_s": step.to_ms / 1000}}
        case Rest():
            return {"rest": step.rest_ms / 1000}
        case Gain():
            return {"gain": step.gain}
        case Repeat():
            count = {"until": UNTIL_SILENCED} if step.times is None else {"times": step.times}
            return {"repeat": count | {"steps": [_written(inner) for inner in step.steps]}}
