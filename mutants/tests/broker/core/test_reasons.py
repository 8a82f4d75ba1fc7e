"""Every refusal has words for whoever must act on it."""

from typing import get_args

import pytest

from broker.core.reasons import SHORT, ask_refused, counted
from wire.errors import Reason

pytestmark = pytest.mark.pure


def test_every_reason_of_the_wire_has_its_words() -> None:
    assert set(SHORT) == {*get_args(Reason), "flood"}


@pytest.mark.parametrize("reason", [*get_args(Reason), "flood", "something new"])
def test_an_ask_s_refusal_is_a_vietnamese_sentence(reason: str) -> None:
    sentence = ask_refused(reason, "")
    assert sentence[0].isupper()
    assert not sentence.isascii()


def test_a_field_that_has_no_name_for_a_person_is_named_as_it_is() -> None:
    assert ask_refused("field", "Expected `int` - at `$.strange`") == "Lệnh thiếu hoặc ghi sai mục strange"


def test_refusals_are_counted_in_words() -> None:
    assert counted({"field": 2, "counter": 1}) == "số lệnh cũ hoặc lạ 1, thiếu hoặc sai mục 2"


@pytest.mark.parametrize(
    ("detail", "named"),
    [
        ("Object missing required field `id`", "Lệnh thiếu hoặc ghi sai mục mã lệnh (id)"),
        ("Expected `str`, got `int` - at `$.kind`", "Lệnh thiếu hoặc ghi sai mục loại việc (kind)"),
        ("text must be a line", "Lệnh thiếu hoặc ghi sai mục lời nhắn (text)"),
        ("nothing that names one", "Lệnh thiếu hoặc ghi sai một mục"),
    ],
)
def test_a_field_is_named_as_a_person_calls_it(detail: str, named: str) -> None:
    assert ask_refused("field", detail) == named


def test_another_reason_names_no_field_whatever_its_detail() -> None:
    assert ask_refused("json", "at `$.kind`") == "Lệnh không phải JSON"
    assert ask_refused("something new", "at `$.kind`") == "Lệnh ghi sai"


def test_a_reason_of_a_newer_node_is_counted_as_it_is() -> None:
    assert counted({"moon": 1}) == "moon 1"
