"""Real processes for the tests of this room, and its long versions."""

from fakes.communerun import blank_register, commune_run
from fakes.disks import mounts
from fakes.lab import start_lab
from fakes.nodes import start_node
from fakes.wallclock import wall_clock

__all__ = ["blank_register", "commune_run", "mounts", "start_lab", "start_node", "wall_clock"]
