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
