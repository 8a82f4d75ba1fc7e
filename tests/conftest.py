"""What every test may use: the folder itself on the path, so that `from fakes.… import …` works everywhere."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ["fakes.mosquitto", "fakes.paced"]

# A loaded machine is slow; that is no fault of the code under test.
settings.register_profile("keng", deadline=None)
settings.load_profile("keng")
