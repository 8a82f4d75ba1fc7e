"""Scores as a person or a program might write them, for Hypothesis: sensible ones, and arbitrary plain values."""

from __future__ import annotations

from hypothesis import strategies as st

from patterns.errors import ScoreError
from patterns.score import Score, parse_score

seconds = st.floats(0.06, 3, allow_nan=False).map(lambda s: round(s, 3))
strokes = st.integers(3, 12)
simple_steps = st.one_of(
    st.just("stroke"),
    st.builds(lambda n, s: {"beats": {"strokes": n, "every_s": s}}, strokes, seconds),
    st.builds(lambda n, a, b: {"roll": {"strokes": n, "from_s": a, "to_s": b}}, strokes, seconds, seconds),
    st.builds(lambda s: {"rest": s}, seconds),
    st.builds(lambda g: {"gain": g}, st.floats(0.05, 1, allow_nan=False)),
)
steps = st.recursive(
    simple_steps,
    lambda inner: st.builds(
        lambda n, some: {"repeat": {"times": n, "steps": some}},
        st.integers(1, 3),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=4,
)
step_lists = st.lists(steps, min_size=1, max_size=4)


@st.composite
def plain_scores(draw: st.DrawFn) -> dict[str, object]:
    """A score that may or may not keep the limits."""
    some: list[object] = [*draw(step_lists)]
    if draw(st.booleans()):
        some.append({"repeat": {"until": "silenced", "steps": draw(step_lists)}})
    return {"steps": some}


def _parsed(value: dict[str, object]) -> Score | None:
    try:
        return parse_score(value)
    except ScoreError:
        return None


scores: st.SearchStrategy[Score] = (
    plain_scores().map(_parsed).filter(lambda score: score is not None).map(lambda score: score)
)
"""Scores that keep all limits."""

_WORDS = """
    steps title vi en use roll beats rest gain repeat times until silenced strokes from_s to_s every_s
    duration_s stroke alarm chime version zone patterns chimes alarm_s cancel_s relays node_keys hamlets posts
    by_kind name at days pattern except daily all default
"""
words = st.sampled_from(_WORDS.split())
plain_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.just(10**400),
        st.floats(),
        st.text(max_size=8),
        words,
        st.just("22:00"),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(st.one_of(words, st.text(max_size=4)), inner, max_size=5)
    ),
    max_leaves=25,
)
"""Anything that JSON or YAML may hold, with words that lead deep into the readers."""
