"""Whole nodes for the tests of this room."""

from fakes.nodes import start_node

__all__ = ["start_node"]
