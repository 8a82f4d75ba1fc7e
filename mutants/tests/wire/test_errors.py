"""What is wrong is said in one word that is counted, and in a line that harms no terminal."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import DETAIL_CHARS, LinkFault, Reason, Refused, WireError

pytestmark = pytest.mark.pure


@given(st.sampled_from(get_args(Reason)), st.text())
def test_a_refusal_is_one_short_printable_line(reason, detail):
    refused = Refused(reason, detail)
    assert refused.reason == reason
    assert refused.detail.isprintable()
    assert len(refused.detail) <= DETAIL_CHARS
    assert str(refused) == (f"{reason}: {refused.detail}" if detail else reason)


def test_vietnamese_stays_as_it_is():
    assert Refused("field", "thôn Đông ở đâu?").detail == "thôn Đông ở đâu?"


def test_each_is_also_a_builtin_and_one_of_ours():
    assert issubclass(Refused, ValueError)
    assert issubclass(LinkFault, OSError)
    assert issubclass(Refused, WireError)
    assert issubclass(LinkFault, WireError)


def test_a_link_fault_says_it_in_both_languages_vietnamese_first():
    fault = LinkFault("Tệp trống.", "The file is empty.")
    assert str(fault) == "Tệp trống.\nThe file is empty."
    assert (fault.vi, fault.en) == ("Tệp trống.", "The file is empty.")
