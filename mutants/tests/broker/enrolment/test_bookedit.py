"""A code book's text, changed by one entry: nothing else moves, whoever wrote it, however."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.enrolment.bookedit import BookEditFault, with_hamlet, with_node, without_node
from patterns.yamlfile import parse_yaml

pytestmark = pytest.mark.pure

KEY = "+eqv8fSmVZUJBGUajBaJtRZycKBhPHIyxj7PPAP/4bk="
HEAD = "# đầu\ncommune: cong-lac\nversion: 7   # bản\nhamlets: {thon-1: {name: Thôn 1}}\n"
TAIL = "chimes: []  # hết\n"
WRITTEN = {
    "none": "",
    "null": "nodes:\n  # chưa có\n",
    "tilde": "nodes: ~  # chưa có\n",
    "empty": "nodes: {}   # chưa có\n",
    "block of flows": "nodes:\n  a: {hamlet: thon-1}   # một\n  # cuối\n\n",
    "block of blocks": "nodes:\n    a:   # một\n        hamlet: thon-1   # thôn\n        post: true\n\n",
    "flow": "nodes: {a: {hamlet: thon-1},  # một\n        b: {hamlet: thon-1}}   # hai\n",
    "same column": "nodes:\n a: {hamlet: thon-1}\n",
}
LAYOUTS = {
    **{f"{name}, then more": HEAD + nodes + TAIL for name, nodes in WRITTEN.items()},
    **{f"{name}, last": HEAD + TAIL + nodes for name, nodes in WRITTEN.items()},
    **{f"{name}, no line end": (HEAD + TAIL + nodes).rstrip("\n") for name, nodes in WRITTEN.items()},
    **{f"{name}, Windows": (HEAD + nodes + TAIL).replace("\n", "\r\n") for name, nodes in WRITTEN.items()},
    "JSON": '{"commune": "c", "version": 7, "hamlets": {"thon-1": null}, "nodes": {"a": {"hamlet": "thon-1"}}}',
    "JSON, none": '{"commune": "c", "version": 7, "hamlets": {"thon-1": null}}',
    "JSON, empty": '{"commune": "c", "version": 7, "nodes": {}, "hamlets": {"thon-1": null}}',
    "byte order mark": "\ufeff" + HEAD + WRITTEN["flow"],
}


def plain(text):
    return parse_yaml(text.encode(), "x").value


def nodes_of(text):
    return plain(text).get("nodes") or {}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_a_node_comes_and_goes_in_every_layout_and_nothing_else_moves(text):
    new = with_node(text, "n-9", "thon-1", KEY)
    assert nodes_of(new) == {**nodes_of(text), "n-9": {"hamlet": "thon-1", "key": KEY}}
    assert {**plain(new), "nodes": 0, "version": 0} == {**plain(text), "nodes": 0, "version": 0}
    assert plain(new)["version"] == 8
    for line in text.splitlines():
        if "#" in line:
            assert line[line.index("#") :] in new
    back = without_node(new, "n-9")
    assert nodes_of(back) == nodes_of(text)
    assert plain(back)["version"] == 9
    assert new.count("\r\n") == (new.count("\n") if "\r\n" in text else 0)


@pytest.mark.parametrize("name", ["block of flows", "block of blocks", "flow", "same column"])
def test_a_node_that_the_book_names_is_given_its_key(name):
    text = HEAD + WRITTEN[name] + TAIL
    new = with_node(text, "a", "thon-1", KEY)
    assert nodes_of(new)["a"] == {**nodes_of(text)["a"], "key": KEY}
    assert list(nodes_of(new)) == list(nodes_of(text))


@pytest.mark.parametrize("gone", ["a", "b", "c"])
@pytest.mark.parametrize(
    "nodes",
    [
        "nodes: {a: {hamlet: x}, b: {hamlet: x}, c: {hamlet: x}}\n",
        "nodes:\n  a: {hamlet: x}\n  b:\n    hamlet: x\n  c: {hamlet: x}\n",
    ],
)
def test_any_of_three_goes_and_the_others_stay(nodes, gone):
    left = without_node(HEAD + nodes + TAIL, gone)
    assert list(nodes_of(left)) == [name for name in "abc" if name != gone]
    assert left.count("\n") >= (HEAD + TAIL).count("\n")


def test_the_text_changes_at_two_places_only():
    old = HEAD + WRITTEN["block of flows"] + TAIL
    new = with_node(old, "n-9", "thon-1", KEY, post=True)
    assert new == old.replace("version: 7 ", "version: 8 ").replace(
        "# một\n", f'# một\n  n-9: {{hamlet: thon-1, post: true, key: "{KEY}"}}\n'
    )


def test_a_hamlet_comes_with_its_name():
    new = with_hamlet(HEAD + TAIL, "thon-2", 'Thôn "Đoài": 2')
    assert plain(new)["hamlets"] == {"thon-1": {"name": "Thôn 1"}, "thon-2": {"name": 'Thôn "Đoài": 2'}}


@pytest.mark.parametrize("hamlet", ["12", "true", "null", "1e5", "no", "007"])
def test_ids_that_look_like_something_else_stay_text(hamlet):
    assert nodes_of(with_node(HEAD, hamlet, hamlet, KEY)) == {hamlet: {"hamlet": hamlet, "key": KEY}}


@pytest.mark.parametrize("text", ["commune: c\n", "version: x\nnodes: {}\n", "version: 1\nnodes: [a]\n", "[]\n", ""])
def test_what_cannot_be_changed_here_is_told_with_what_to_write_by_hand(text):
    with pytest.raises(BookEditFault, match="tăng version") as told:
        with_node(text, "n-9", "thon-1", KEY)
    assert KEY in told.value.en


slugs = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)


@given(st.lists(slugs, unique=True, max_size=6), st.randoms(use_true_random=False), st.booleans())
def test_any_order_of_coming_and_going_leaves_who_came_last(names, random, flow):
    text = HEAD + ("nodes: {}\n" if flow else "nodes:\n  # ở đây\n") + TAIL
    there: list[str] = []
    for name in names:
        text = with_node(text, name, "thon-1", KEY)
        there.append(name)
        if random.random() < 0.4:
            gone = random.choice(there)
            there.remove(gone)
            text = without_node(text, gone)
        assert list(nodes_of(text)) == there
        assert "# hết" in text and "# bản" in text
