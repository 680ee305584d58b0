"""A log says where it went wrong and not for whom."""

from __future__ import annotations

import json
import logging
import sys

from web.logs import Lines


def line_of(message: str, *args: object, error: BaseException | None = None) -> dict[str, object]:
    info = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord("trygg", logging.ERROR, __file__, 1, message, args, info)
    written = Lines().format(record)
    assert "\n" not in written
    told: dict[str, object] = json.loads(written)
    return told


def test_a_line_is_an_object_with_a_moment_in_utc() -> None:
    told = line_of("the page %s failed", "karta")
    assert (told["level"], told["event"]) == ("error", "the page karta failed")
    assert str(told["at"]).endswith("+00:00")


def test_an_errors_own_words_are_not_kept() -> None:
    try:
        int("19900101-1234")
    except ValueError:
        error = sys.exc_info()[1]
    told = line_of("the page data failed", error=error)
    assert told["error"] == "ValueError"
    assert "test_logs.py" in str(told["where"])
    assert "1990" not in json.dumps(told)
