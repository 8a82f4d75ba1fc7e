"""Inside: renders the built-in patterns with what is installed; holds each against the bundle's own.

python rendered.py FOLDER        one line of JSON: clips, same, differ_by (most steps of 65,536), missing
"""

import json
import subprocess
import sys
import tempfile
import wave
from array import array
from pathlib import Path


def samples(path: Path) -> array:
    with wave.open(str(path)) as file:
        return array("h", file.readframes(file.getnframes()))


def main(bundled: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-P", "-m", "patterns.prepare", "builtins", folder], check=True, capture_output=True
        )
        clips = sorted(Path(folder).rglob("*.wav"))
        missing = [clip.name for clip in clips if not (bundled / clip.name).exists()]
        same = differ_by = 0
        for clip in clips:
            if clip.name in missing:
                continue
            ours, theirs = samples(clip), samples(bundled / clip.name)
            if len(ours) != len(theirs):
                missing.append(f"{clip.name}: {len(ours)} samples, not {len(theirs)}")
            elif ours == theirs:
                same += 1
            else:
                differ_by = max(differ_by, *(abs(a - b) for a, b in zip(ours, theirs, strict=True)))
    print(json.dumps({"clips": len(clips), "same": same, "differ_by": differ_by, "missing": missing}))
    return 1 if missing or not clips else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
