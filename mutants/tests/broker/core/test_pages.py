"""Long answers in pages that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.pages import PAGE_BYTES, page_of
from wire.codec import encode

pytestmark = pytest.mark.pure


@given(st.lists(st.integers(0, 3_000), max_size=30), st.lists(st.integers(0, 3_000), max_size=30))
def test_every_item_is_on_one_page_and_every_page_fits(first: list[int], second: list[int]) -> None:
    sections = {
        "a": [{"n": n, "x": "x" * size} for n, size in enumerate(first)],
        "b": [{"n": n, "x": "x" * size} for n, size in enumerate(second)],
    }
    pages = page_of(sections, 0)["pages"]
    shown = [page_of(sections, page) for page in range(pages)]
    for name, items in sections.items():
        assert [item for page in shown for item in page[name]] == items
    assert all(len(encode(page)) <= PAGE_BYTES + 200 for page in shown)


def test_beyond_the_last_there_is_nothing() -> None:
    assert page_of({"a": [1]}, 7) == {"a": [], "page": 7, "pages": 1}


def test_a_page_is_filled_to_its_last_byte_and_not_beyond() -> None:
    item = "x" * 1_021  # with its quotes and comma 1,024
    each = PAGE_BYTES // 1_024
    assert PAGE_BYTES % 1_024 == 0
    full = page_of({"a": [item] * each}, 0)
    assert (full["pages"], len(full["a"])) == (1, each)
    many = [page_of({"a": [item] * 3 * each}, page) for page in range(3)]
    assert [len(page["a"]) for page in many] == [each] * 3 and many[0]["pages"] == 3
    over = [page_of({"a": [item] * (each - 1) + [item + "x"], "b": [1]}, page) for page in (0, 1)]
    assert [(page["page"], page["pages"], len(page["a"]), page["b"]) for page in over] == [
        (0, 2, each - 1, []),
        (1, 2, 1, [1]),
    ]


def test_of_nothing_there_is_one_empty_page() -> None:
    assert page_of({"a": [], "b": []}, 0) == {"a": [], "b": [], "page": 0, "pages": 1}
    assert page_of({"a": [1]}, 1) == {"a": [], "page": 1, "pages": 1}
