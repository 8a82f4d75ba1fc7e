"""Links on a real broker, closed at the end of the test."""

from collections.abc import Callable, Iterator

import pytest
from fakes.collected import Collected
from fakes.mosquitto import Mosquitto

from wire.link import Link, LinkSettings


@pytest.fixture
def open_link() -> Iterator[Callable[..., tuple[Link, Collected]]]:
    """`open_link(broker, "n1", "filter", ..., deliver=, will=, **settings)`: an opening link, and what it delivers."""
    links: list[Link] = []

    def start(broker: Mosquitto, client_id: str, *filters: str, deliver=None, will=None, **settings):
        collected = Collected()
        where = LinkSettings(host=broker.host, port=broker.port, client_id=client_id, **settings)
        link = Link(where, filters, deliver or collected, will or (lambda: None))
        links.append(link)
        link.open()
        return link, collected

    yield start
    for link in links:
        link.close()
