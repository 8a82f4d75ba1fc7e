"""Every sentence of the console has its English, and what is compiled is what is written."""

import polib
import pytest
from catalogs import catalogs, compiled, missing

pytestmark = pytest.mark.pure


def test_every_sentence_has_its_english():
    assert missing() == []


@pytest.mark.parametrize("path", catalogs(), ids=lambda path: str(path.parents[3].name))
def test_what_is_compiled_is_what_is_written(path):
    assert path.with_suffix(".mo").read_bytes() == compiled(path), "run: make catalogs"


@pytest.mark.parametrize("path", catalogs(), ids=lambda path: str(path.parents[3].name))
def test_a_translation_names_the_same_values(path):
    for entry in polib.pofile(str(path)):
        assert entry.msgstr.count("%(") == entry.msgid.count("%("), entry.msgid


def test_a_sentence_has_one_english_for_django_takes_the_first_room_s():
    said: dict[str, set[str]] = {}
    for path in catalogs():
        for entry in polib.pofile(str(path)):
            said.setdefault(entry.msgid, set()).add(entry.msgstr)
    assert not {sentence: found for sentence, found in said.items() if len(found) > 1}
