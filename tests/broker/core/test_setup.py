"""Who may do what: broker/core/setup.py."""

import pytest

from broker.core.setup import CONSOLE, CommuneSetup

pytestmark = pytest.mark.pure

WHOLE = CommuneSetup(commune="cong-lac", run="r1", seed=b"s" * 32, users={"tv": "watch", "duty": "officer"})
OPEN = CommuneSetup(commune="cong-lac", run="r1", seed=b"s" * 32, users={"tv": "watch"}, open_network=True)


def test_each_user_has_the_role_that_was_given_and_anybody_else_none() -> None:
    assert [WHOLE.role_of(user) for user in ("tv", "duty", "anybody", CONSOLE)] == ["watch", "officer", None, None]


def test_on_a_network_without_passwords_anybody_is_an_officer_but_who_has_another_role() -> None:
    assert [OPEN.role_of(user) for user in ("tv", "anybody", CONSOLE)] == ["watch", "officer", "console"]
