"""Topics are built and parsed in one place, and no clever name gets into one."""

from typing import get_args

import pytest
from fakes.messages import slugs
from hypothesis import given
from hypothesis import strategies as st

from wire.channels import CHANNELS
from wire.errors import Refused
from wire.topics import Down, Everyone, Place, Topics, Up, Verb

pytestmark = pytest.mark.pure

BUILT = st.one_of(
    st.tuples(st.just("up"), slugs, st.sampled_from(get_args(Up))),
    st.tuples(st.just("down"), slugs, st.sampled_from(get_args(Down))),
    st.tuples(st.just("all"), st.just(""), st.sampled_from(get_args(Everyone))),
    st.tuples(st.just("ask"), slugs, st.sampled_from(get_args(Verb))),
    st.tuples(st.just("told"), slugs, st.just("")),
    st.just(("self", "", "beacon")),
)
CLEVER = ["", "all", "+", "#", "a/b", "n1/alert", "../n1", "$share", "n1\x00", "n1\n", "N1", "n1 ", "đ", "a" * 33]


def build(topics: Topics, way: str, who: str, word: str) -> str:
    match way:
        case "up":
            return topics.up(who, word)
        case "down":
            return topics.down(who, word)
        case "all":
            return topics.all(word)
        case "ask":
            return topics.ask(who, word)
        case "self":
            return topics.beacon
        case _:
            return topics.told(who)


@given(slugs, BUILT)
def test_what_is_built_is_parsed_to_the_same(commune, parts):
    topics = Topics(commune)
    assert topics.parse(build(topics, *parts)) == Place(*parts)


@given(slugs, BUILT)
def test_a_topic_has_no_wildcard_and_belongs_to_its_commune(commune, parts):
    topic = build(Topics(commune), *parts)
    assert not set("+#$\x00 ") & set(topic)
    assert topic.startswith(f"keng/1/{commune}/")
    assert len(topic) < 120


@given(slugs, slugs, BUILT)
def test_another_communes_topic_is_refused(commune, other, parts):
    if commune != other:
        with pytest.raises(Refused) as caught:
            Topics(commune).parse(build(Topics(other), *parts))
        assert caught.value.reason == "topic"


@given(st.text(), st.booleans())
def test_any_text_is_parsed_or_refused_and_builds_itself_again(text, below):
    topics = Topics("c")
    topic = f"{topics.root}/{text}" if below else text
    try:
        place = topics.parse(topic)
    except Refused as refused:
        assert refused.reason == "topic"
    else:
        assert build(topics, place.way, place.who, place.word) == topic


@given(st.data(), BUILT)
def test_a_topic_with_any_one_character_changed_is_refused_or_another_topic(data, parts):
    topics = Topics("c")
    topic = build(topics, *parts)
    at = data.draw(st.integers(0, len(topic) - 1))
    changed = topic[:at] + data.draw(st.characters(exclude_categories=["Cs"])) + topic[at + 1 :]
    try:
        place = topics.parse(changed)
    except Refused:
        return
    assert build(topics, place.way, place.who, place.word) == changed


@pytest.mark.parametrize("name", CLEVER)
def test_no_clever_name_gets_into_a_topic(name):
    topics = Topics("c")
    for make in (
        lambda: Topics(name),
        lambda: topics.up(name, "alert"),
        lambda: topics.down(name, "alarms"),
        lambda: topics.ask(name, "alarm"),
        lambda: topics.told(name),
    ):
        with pytest.raises(ValueError, match="not an id"):
            make()


@pytest.mark.parametrize("name", CLEVER)
def test_no_clever_name_is_taken_out_of_a_topic(name):
    topics = Topics("c")
    for topic in (f"up/{name}/alert", f"down/{name}/alarms", f"ask/{name}/alarm", f"told/{name}"):
        with pytest.raises(Refused):
            topics.parse(f"{topics.root}/{topic}")


@pytest.mark.parametrize(
    "topic",
    [
        *("", "keng", "keng/1/c", "keng/1/c/", "/keng/1/c/up/n/alert", "keng/1/c/up/n/alert/", "keng/1/c//n/alert"),
        *("keng/2/c/up/n/alert", "keng/1/cc/up/n/alert", "Keng/1/c/up/n/alert", "keng/1/c/up/n/ALERT"),
        *("keng/1/c/up/n", "keng/1/c/up/n/alert/x", "keng/1/c/down/n/alert", "keng/1/c/up/n/alarms"),
        *("keng/1/c/all/hello", "keng/1/c/all/n/alarms", "keng/1/c/told/n/x", "keng/1/c/told", "keng/1/c/x/n/alert"),
        *("keng/1/c/self", "keng/1/c/self/x", "keng/1/c/self/n/beacon", "keng/1/c/self/beacon/x", "keng/1/c/self/+"),
        *("keng/1/c/up/+/alert", "keng/1/c/#", "$SYS/broker", "$share/g/keng/1/c/up/n/alert", "keng/1/c/up/n/alert\n"),
    ],
)
def test_what_is_none_of_the_contracts_topics_is_refused(topic):
    with pytest.raises(Refused) as caught:
        Topics("c").parse(topic)
    assert caught.value.reason == "topic"


def test_a_filter_hears_everybody_in_one_direction():
    assert Topics("c").every("up", "alert") == "keng/1/c/up/+/alert"
    assert Topics("c").every("ask") == "keng/1/c/ask/+/+"


def test_the_table_of_channels_has_each_topic_once():
    paths = [channel.path for channel in CHANNELS]
    assert len(set(paths)) == len(paths)
    topics = Topics("c")
    parsed = {
        (place.way, place.word)
        for place in (topics.parse(f"{topics.root}/{path.format(node='x', user='x')}") for path in paths)
    }
    words = {"up": Up, "down": Down, "all": Everyone, "ask": Verb}
    rest = {("told", ""), ("self", "beacon")}
    assert parsed == {(way, word) for way, kind in words.items() for word in get_args(kind)} | rest
