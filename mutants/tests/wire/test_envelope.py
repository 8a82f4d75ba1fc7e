"""What a link hands in and takes can be written to a trace and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.codec import encode, read
from wire.envelope import Arrived, Denied, LinkDown, LinkItem, LinkUp, Publication

pytestmark = pytest.mark.pure

texts = st.text(st.characters(exclude_categories=["Cs"]))
items = st.one_of(
    st.builds(Arrived, topic=texts, payload=st.binary(), retained=st.booleans(), sig=st.none() | texts),
    st.just(LinkUp()),
    st.builds(LinkDown, why=texts),
    st.builds(Denied, topic=texts, why=texts),
)
publications = st.builds(Publication, topic=texts, payload=st.binary(), retain=st.booleans(), sig=st.none() | texts)


@given(items)
def test_an_item_survives_its_trace(item):
    assert read(encode(item), LinkItem) == item


@given(publications)
def test_a_publication_survives_its_trace(publication):
    assert read(encode(publication), Publication) == publication


def test_nothing_of_it_can_be_changed():
    with pytest.raises(AttributeError):
        Arrived(topic="a", payload=b"").topic = "b"
