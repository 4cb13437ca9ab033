"""Tools whose packages do not get on with ours: each in a virtual environment of its own beside `.venv`."""

import subprocess
import venv
from pathlib import Path


def set_up(home: Path, *packages: str) -> str:
    """The Python of the environment at `home`, which has just these packages; made anew only where they are others.

    Raises CalledProcessError or OSError where they cannot be installed.
    """
    python = str(home / "bin" / "python")
    wanted, stamp = " ".join(packages), home / ".otklik"
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(home, clear=True, with_pip=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True, stderr=subprocess.DEVNULL)
        stamp.write_text(wanted)
    return python
