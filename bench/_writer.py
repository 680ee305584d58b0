"""Log visits one after the other, and say each one's id as soon as it is acknowledged.

``python -m bench._writer URL FIRST`` goes on until somebody ends it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from itertools import count

from geo.model.visit import Visit
from geo.store.open import open_store
from geo.store.store import Put

AT = datetime(2021, 5, 1, 20, tzinfo=UTC)


def main() -> None:
    """Write until the end."""
    url, first = sys.argv[1], int(sys.argv[2])
    store = open_store(url)
    for number in count(first):
        visit = Visit(
            visit_id=f"crash-{number}",
            location_id="p1",
            start_at=AT,
            end_at=AT + timedelta(minutes=15),
        )
        store.write([Put(visit)], origin="account:bench", at=AT)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
