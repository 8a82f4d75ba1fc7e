"""The first files of a commune, whatever its people call it: what YAML means by a sign, a name may bear."""

from pathlib import Path

import pytest

from broker.enrolment.texts import codebook_yaml
from patterns.codebook import load_codebook

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("name", ["Xã Cộng Lạc", 'Xã "Cộng" \\ #1: {a}', "- x", "yes", "1", "@x", "%s {0}", "Xã 'B' "])
def test_a_commune_may_have_any_name_of_one_line(tmp_path: Path, name: str) -> None:
    (file := tmp_path / "codebook.yaml").write_text(codebook_yaml("cong-lac", name, 2), "utf-8")
    book = load_codebook(file)
    assert (book.name, list(book.hamlets)) == (name, ["thon-1", "thon-2"])
