"""Which version of the program this is: what hellos and statuses say, and `--version`."""

from importlib.metadata import PackageNotFoundError, version

UNKNOWN = "0"
"""Of a program that runs from a folder and was never installed."""


def program_version() -> str:
    """As pyproject.toml has it."""
    try:
        return version("keng")
    except PackageNotFoundError:
        return UNKNOWN
