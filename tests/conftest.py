"""What every test may use: the folder itself on the path, so that `from fakes.… import …` works everywhere."""

import os
import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

pytest_plugins = ["fakes.mosquitto", "fakes.paced"]

# A loaded machine is slow; that is no fault of the code under test. The default run tries the same examples each time,
# so that a change is judged by what it changed; `make soak` looks for new ones.
settings.register_profile("keng", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None)
# A second Python runs the same promises with fewer examples: what it may break is the language, not the logic.
settings.register_profile("short", deadline=None, derandomize=True, max_examples=15)
settings.load_profile(os.environ.get("KENG_EXAMPLES", "soak" if os.environ.get("KENG_SOAK") else "keng"))
