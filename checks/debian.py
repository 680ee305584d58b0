"""Debian's packages, installed where that is allowed."""

import os
import shutil
import subprocess
from collections.abc import Sequence


def install(packages: Sequence[str]) -> str | None:
    """Install packages; give the reason where that did not work."""
    command = ("apt-get", "install", "--yes", "--no-install-recommends", *packages)
    if shutil.which("apt-get") is None:
        return "there is no apt-get here"
    if os.geteuid() != 0:
        return "apt-get needs root; run: sudo " + " ".join(command)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # A foreign package source that does not answer must not stop us: only the second one counts.
    for step in (("apt-get", "update"), command):
        result = subprocess.run(step, env=environment, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return None
    lines = (result.stderr or result.stdout).strip().splitlines()
    return f"{' '.join(command)}: {lines[-1] if lines else 'failed'}"
