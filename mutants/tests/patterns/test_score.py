"""Scores: how they are written, what is refused, and where the fault is."""

import pytest
from fakes.plainscores import plain_scores, plain_values, scores
from hypothesis import given

from patterns.errors import MESSAGE, ScoreError
from patterns.fields import Faults
from patterns.score import Score, parse_score, read_score
from patterns.steps import Beats, Gain, Repeat, Rest, Roll, Stroke
from patterns.yamlfile import parse_yaml

pytestmark = pytest.mark.pure


def test_every_kind_of_step_is_read() -> None:
    score = parse_score(
        {
            "title": {"vi": "Thử", "en": "Try"},
            "use": "alarm",
            "steps": [
                {"roll": {"strokes": 24, "from_s": 0.8, "to_s": 0.12}},
                {"rest": 1},
                {"beats": {"strokes": 3, "every_s": 0.3}},
                {"gain": 0.5},
                "stroke",
                {"repeat": {"times": 2, "steps": ["stroke"]}},
                {"repeat": {"until": "silenced", "steps": ["stroke", {"rest": 0.7}]}},
            ],
        }
    )
    assert score.steps == (
        Roll(24, 800, 120),
        Rest(1000),
        Beats(3, 300),
        Gain(0.5),
        Stroke(),
        Repeat(2, (Stroke(),)),
        Repeat(None, (Stroke(), Rest(700))),
    )
    assert (score.title_vi, score.title_en, score.use, score.endless) == ("Thử", "Try", "alarm", True)


def test_a_bare_list_of_steps_is_a_score() -> None:
    assert parse_score(["stroke"]).steps == (Stroke(),)


def test_what_it_is_for_follows_from_whether_it_ends() -> None:
    assert parse_score(["stroke"]).use == "chime"
    assert parse_score([{"repeat": {"until": "silenced", "steps": ["stroke"]}}]).use == "alarm"


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ([], "steps"),
        ([{"rest": 1}, "stroke"], "steps"),
        ([{"gain": 0.5}], "steps"),
        ([{"repeat": {"until": "silenced", "steps": ["stroke"]}}, "stroke"], "steps"),
        ([{"repeat": {"times": 2, "steps": [{"repeat": {"until": "silenced", "steps": ["stroke"]}}]}}], "steps"),
        (["stroke", {"repeat": {"until": "silenced", "steps": [{"rest": 1}]}}], "steps"),
        ([{"roll": {"strokes": 5, "from_s": 0.8}}], "steps[0].roll.to_s"),
        ([{"roll": {"strokes": 5, "duration_s": 3, "from_s": 0.8, "to_s": 0.1}}], "steps[0].roll"),
        ([{"roll": {"from_s": 0.8, "to_s": 0.1}}], "steps[0].roll"),
        ([{"beats": {"strokes": 1, "every_s": 0.3}}], "steps[0].beats.strokes"),
        ([{"beats": {"strokes": 3, "every_s": 0.05}}], "steps[0].beats.every_s"),
        ([{"beats": {"strokes": 300, "every_s": 1}}], "steps"),
        ([{"gain": 0}], "steps[0].gain"),
        ([{"gain": 1.5}], "steps[0].gain"),
        ([{"stroke": 3}], "steps[0].stroke"),
        ([{"repeat": {"times": 0, "steps": ["stroke"]}}], "steps[0].repeat.times"),
        ([{"repeat": {"times": 2, "until": "silenced", "steps": ["stroke"]}}], "steps[0].repeat"),
        ([{"repeat": {"until": "morning", "steps": ["stroke"]}}], "steps[0].repeat.until"),
        ([{"repeat": {"times": 100, "steps": [{"gain": 0.5}]}}], "steps[0].repeat.steps"),
        ([{"stroke": None, "rest": 1}], "steps[0]"),
        (["strok"], "steps[0]"),
        ("stroke", "steps"),
    ],
)
def test_what_cannot_be_played_is_refused_with_its_field(steps: object, field: str) -> None:
    with pytest.raises(ScoreError) as caught:
        parse_score({"steps": steps})
    assert field in [fault.field for fault in caught.value.faults]


def test_faults_name_file_line_and_field() -> None:
    faults = Faults(parse_yaml(b"steps:\n  - stroke\n  - beats: {strokes: 3}\n  - rest: long\n", "k.yaml"))
    assert read_score(faults.top) is None
    assert [(fault.source, fault.line, fault.field) for fault in faults.found] == [
        ("k.yaml", 3, "steps[1].beats.every_s"),
        ("k.yaml", 4, "steps[2].rest"),
    ]


def test_faults_of_a_message_say_so() -> None:
    with pytest.raises(ScoreError, match=r"bản tin, steps[\s\S]*message, steps"):
        parse_score({"steps": 5}, MESSAGE)


def test_a_million_nested_repeats_are_refused_at_once() -> None:
    inner: list[object] = ["stroke"]
    for _ in range(3):
        inner = [{"repeat": {"times": 100, "steps": inner}}]
    with pytest.raises(ScoreError):
        parse_score(inner)
    for _ in range(2000):
        inner = [{"repeat": {"times": 100, "steps": inner}}]
    with pytest.raises(ScoreError):
        parse_score(inner)


@given(plain_scores())
def test_a_score_is_read_or_refused(value: dict[str, object]) -> None:
    try:
        assert parse_score(value).timeline().strokes > 0
    except ScoreError as error:
        assert error.faults


@given(plain_values)
def test_no_plain_value_makes_parsing_raise_anything_else(value: object) -> None:
    try:
        parse_score(value)
    except ScoreError as error:
        assert error.faults


@given(scores)
def test_what_is_written_reads_the_same(score: Score) -> None:
    assert parse_score(score.to_plain()) == score


def test_longer_than_its_lease_does_not_fit() -> None:
    score = parse_score(
        [{"beats": {"strokes": 11, "every_s": 1}}, {"repeat": {"until": "silenced", "steps": ["stroke"]}}]
    )
    assert score.timeline().length_ms == 12_000
    assert score.fits(12_000)
    assert not score.fits(11_999)
