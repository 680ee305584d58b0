"""Logs as one JSON object a line: what happened and where in the program, nothing about anybody.

Of an error its type and the lines of code are kept, not its message: that may repeat what
somebody typed.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Final

from typing_extensions import override

NAME: Final = "trygg"
"""The logger of everything we log ourselves."""


class Lines(logging.Formatter):
    """Writes a record as one line of JSON."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, frames = record.exc_info
            told["error"] = kind.__name__
            told["where"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(frames)
            ]
        return json.dumps(told, ensure_ascii=False)


def begin_logging() -> None:
    """Send what we log to standard error, and nowhere else."""
    log = logging.getLogger(NAME)
    if any(isinstance(handler.formatter, Lines) for handler in log.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
