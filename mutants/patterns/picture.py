"""A picture of a pattern for a terminal: its strokes on a timeline, above them the shape of its sound. Pure.

What must always hold: no line is wider than asked; the Vietnamese title comes first; it needs neither NumPy nor
colours. Does not know: where the clip comes from; without one there is no waveform.
"""

from __future__ import annotations

from itertools import pairwise

from patterns.clip import FRAMES_PER_MS, Clip
from patterns.score import Score
from patterns.timeline import Timeline

MIN_WIDTH, MAX_WIDTH = 40, 400
"""Narrower shows nothing; wider is no terminal."""
ROWS = 5
"""Of the waveform."""
SHOWN_PASSES = 3
"""Of a loop: so many are needed to see that it repeats."""
MIN_SHOWN_MS = 4000
"""A single stroke's ringing is worth seeing too."""
SAMPLE_STEP = 7
"""Every so many samples are looked at: a prime, so that no partial hides between them."""
SOFT_GAIN = 0.5
"""A softer stroke is drawn with a broken line."""
TICKS_S = (0.5, 1, 2, 5, 10, 20, 30, 60)
"""Steps of the axis."""
MIN_TICK_COLUMNS = 9
"""Between two figures of the axis."""
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_STROKES = " │║█"


def picture(score: Score, clip: Clip | None = None, width: int = 80) -> str:
    """Several lines: titles, what is struck, waveform (with a clip), strokes, axis in seconds. Raises ScoreError."""
    width = min(MAX_WIDTH, max(MIN_WIDTH, width))
    timeline = score.timeline()
    shown_ms = _shown_ms(timeline, clip)
    columns = width - 2
    lines = [_fit(line, width) for line in _headings(score, timeline, width)]
    lines.append("")
    if clip is not None:
        lines += [f" {line}" for line in _waveform(clip, shown_ms, columns)]
    lines.append(f" {_stroke_line(timeline, shown_ms, columns)}")
    lines += [f" {line}" for line in _axis(timeline, shown_ms, columns)]
    return "\n".join(line.rstrip() for line in lines)


def described(timeline: Timeline) -> tuple[str, str]:
    """In a sentence what is struck, in Vietnamese and in English."""
    head, loop, loop_ms = len(timeline.head), len(timeline.loop), timeline.loop_ms
    if timeline.strokes == 1 and loop_ms is None:
        return "1 tiếng", "1 stroke"
    if loop_ms is None:
        length_s = timeline.head[-1].at_ms / 1000
        return f"{head} tiếng trong {_vi(length_s)} giây", f"{_strokes_en(head)} in {length_s:.4g} s"
    pass_s = loop_ms / 1000
    vi = f"{loop} tiếng mỗi {_vi(pass_s)} giây, lặp lại đến khi tắt"
    en = f"{_strokes_en(loop)} every {pass_s:.4g} s, until silenced"
    return (f"{head} tiếng, rồi {vi}", f"{_strokes_en(head)}, then {en}") if head else (vi, en)


def _strokes_en(count: int) -> str:
    return "1 stroke" if count == 1 else f"{count} strokes"


def _vi(number: float) -> str:
    return f"{number:.4g}".replace(".", ",")


def _headings(score: Score, timeline: Timeline, width: int) -> list[str]:
    vi, en = described(timeline)
    title_vi, title_en = score.title_vi or score.name, score.title_en
    name = f"[{score.name}]" if score.name else ""
    title = f"{title_vi}  ·  {title_en}" if title_en and title_en != title_vi else title_vi
    sentence = f"{vi}  ·  {en}"
    return [f"{title}  {name}".rstrip(), *([sentence] if len(sentence) <= width else [vi, en])]


def _fit(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _shown_ms(timeline: Timeline, clip: Clip | None) -> int:
    if timeline.loop_ms is not None:
        return max(MIN_SHOWN_MS, timeline.head_ms + SHOWN_PASSES * timeline.loop_ms)
    sound_ms = 0 if clip is None else clip.frames // FRAMES_PER_MS
    return max(MIN_SHOWN_MS, timeline.head_ms, sound_ms)


def _waveform(clip: Clip, shown_ms: int, columns: int) -> list[str]:
    frames = shown_ms * FRAMES_PER_MS
    samples = memoryview(clip.played(frames)).cast("h")[::SAMPLE_STEP].tolist()
    edges = [column * len(samples) // columns for column in range(columns + 1)]
    peaks = [max(map(abs, samples[start:end]), default=0) for start, end in pairwise(edges)]
    loudest = max(peaks, default=0) or 1
    heights = [round(peak / loudest * ROWS * 8) for peak in peaks]
    return [
        "".join(_EIGHTHS[min(8, max(0, height - 8 * row))] for height in heights) for row in range(ROWS - 1, -1, -1)
    ]


def _stroke_line(timeline: Timeline, shown_ms: int, columns: int) -> str:
    counts, softest = [0] * columns, [1.0] * columns
    for at_ms, gain in _shown(timeline, shown_ms):
        column = min(columns - 1, at_ms * columns // shown_ms)
        counts[column] += 1
        softest[column] = min(softest[column], gain)
    return "".join(
        "╎" if count == 1 and gain < SOFT_GAIN else _STROKES[min(count, 3)]
        for count, gain in zip(counts, softest, strict=True)
    )


def _shown(timeline: Timeline, shown_ms: int) -> list[tuple[int, float]]:
    hits = [(hit.at_ms, hit.gain) for hit in timeline.head]
    start_ms = timeline.head_ms
    while timeline.loop_ms is not None and start_ms < shown_ms:
        hits += [(start_ms + hit.at_ms, hit.gain) for hit in timeline.loop]
        start_ms += timeline.loop_ms
    return [(at_ms, gain) for at_ms, gain in hits if at_ms < shown_ms]


def _axis(timeline: Timeline, shown_ms: int, columns: int) -> list[str]:
    step_s = next((s for s in TICKS_S if s * 1000 / shown_ms * columns >= MIN_TICK_COLUMNS), TICKS_S[-1])
    line, figures = ["─"] * columns, [" "] * (columns + 1)
    for tick in range(int(shown_ms / 1000 / step_s) + 1):
        column = int(tick * step_s * 1000 * columns / shown_ms)
        figure = f"{tick * step_s:g} s"
        if column < columns:
            line[column] = "┬"
        if column + len(figure) <= columns:
            figures[column : column + len(figure)] = figure
    if timeline.loop_ms is not None:
        line[min(columns - 1, timeline.head_ms * columns // shown_ms)] = "↻"
        line[-1] = "…"
    return ["".join(line), "".join(figures)]
