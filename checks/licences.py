"""List the licence of every package the program runs on, and refuse those it may not be given with.

``python -m checks.licences`` writes the list; it ends with 1 where a licence is unknown or not one
of those below.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PINNED = ("requirements.txt", "requirements-batch.txt")

ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|HPND|MPL|Mozilla|LGPL"
    r"|Lesser General Public|Unlicense|0BSD|CC0|ZPL|Public Domain|3-Clause|CNRI",
    re.IGNORECASE,
)
"""Permissive ones, and those that only ask for their own source to stay open."""


SAID_ELSEWHERE = {"streamlit-folium": "MIT License (its LICENSE file)"}
"""What a package says in a file only."""


def packages() -> Iterator[str]:
    """Name every pinned package."""
    for name in PINNED:
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            pinned = re.match(r"([A-Za-z0-9_.-]+)==", line)
            if pinned:
                yield pinned[1]


def licence(package: str) -> str | None:
    """Read what a package says of itself; None where it is not installed on this system."""
    try:
        told = metadata(package)
    except PackageNotFoundError:
        return None
    classified = [
        line.rpartition(":: ")[2]
        for line in told.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    if package in SAID_ELSEWHERE:
        return SAID_ELSEWHERE[package]
    fields = told.get_all("License-Expression") or classified or told.get_all("License") or [""]
    whole = " / ".join(fields)
    return whole.strip().splitlines()[0][:80] if whole.strip() else "unknown"


def main() -> int:
    """Write the list; gives the exit code."""
    bad = []
    for package in sorted(set(packages())):
        found = licence(package)
        if found is None:
            continue  # For another system, or another Python.
        if "--quiet" not in sys.argv:
            print(f"{package:32} {found}")
        if not ALLOWED.search(found):
            bad.append(f"{package}: {found}")
    print(f"{len(bad)} packages with a licence that is unknown or not allowed.")
    for line in bad:
        print(f"not allowed, or unknown: {line}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
