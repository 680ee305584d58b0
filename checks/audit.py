"""Ask whether any pinned package has a known fault (pip-audit), where the lists can be reached.

Ends with 1 only where there is one.  Where nobody could be asked, or a package is not known
there, this says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PINNED = ("requirements.txt", "requirements-batch.txt")
_LONGEST_S = 120


def main() -> int:
    """Ask, and say what was answered; gives the exit code."""
    command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--format", "json"]
    command += [word for name in PINNED for word in ("--requirement", str(ROOT / name))]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_LONGEST_S
        )
        asked = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print("Skipped: the lists of known faults could not be reached from here.")
        return 0
    unknown = [one["name"] for one in asked if "skip_reason" in one]
    faulty = [(one, fault) for one in asked for fault in one.get("vulns", ())]
    for one, fault in faulty:
        mended = ", ".join(fault["fix_versions"]) or "no version yet"
        print(f"{one['name']} {one['version']}: {fault['id']}, mended in {mended}")
    print(f"{len(asked) - len(unknown)} packages asked about, {len(faulty)} known faults.")
    if len(unknown) == len(asked):
        print("Skipped: no list that can be reached from here knows these versions.")
    elif unknown:
        print(f"Skipped, since the list does not know their version: {', '.join(unknown)}")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
