"""What is said of a code book that is right."""

import pytest
from fakes.service import codebook

from patterns.bookcheck import read_book
from patterns.bookreport import chime_lines, summary, warnings
from patterns.fields import Faults, plain

pytestmark = pytest.mark.pure


def test_a_right_book_is_summed_up_in_both_tongues_with_its_sizes() -> None:
    book = read_book(Faults(plain(codebook())))
    vi, en = summary("b.yaml", book, 1_200, 800)
    assert vi.startswith("b.yaml: đúng. ")
    assert "5 thôn, 5 hộp" in vi
    assert vi.endswith("gửi cho xã 1200 byte, cho các hộp 800 byte.")
    assert en.endswith("1200 bytes to the commune, 800 to the nodes.")
    assert list(chime_lines(book)) == ["curfew: 22:00 daily, curfew → all"]


def test_a_book_without_a_post_is_noted_and_one_with_none_of_the_boxes_is_not() -> None:
    fields = codebook()
    assert len(warnings(read_book(Faults(plain(fields))))) == 1
    fields["nodes"]["thon-5"]["post"] = True
    assert warnings(read_book(Faults(plain(fields)))) == []
    assert warnings(read_book(Faults(plain(codebook(nodes={}))))) == []
