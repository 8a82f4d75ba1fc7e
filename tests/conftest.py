"""What every test may use: the folder itself on the path, so that `from fakes.… import …` works everywhere."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ["fakes.mosquitto", "fakes.paced"]
