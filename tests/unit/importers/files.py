"""Files written for one test, and those of the shared folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from geo.errors import DataError
from geo.importers.door import read_import
from geo.importers.result import ImportKind, ImportResult

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SHARED = Path(os.environ.get("TRYGG_SHARED", "../shared")) / "data"


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no {path} (TRYGG_SHARED)")
    return path


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def imported(
    folder: Path, kind: ImportKind, name: str, content: str | bytes, **options: Any
) -> ImportResult:
    return read_import(kind, written(folder, name, content), **{"now": NOW, **options})


def refusal(folder: Path, kind: ImportKind, name: str, content: str | bytes, **options: Any) -> str:
    """Give the sentence with which the whole file is turned away."""
    with pytest.raises(DataError) as told:
        imported(folder, kind, name, content, **options)
    sentence = str(told.value)
    assert name in sentence  # the user must see which file is meant
    return sentence


def reasons(result: ImportResult) -> list[tuple[int | None, str | None, str]]:
    return [(item.line, item.field, str(item.reason)) for item in result.rejected]


def flags(result: ImportResult) -> list[tuple[int, str | None, str]]:
    return [
        (item.line, flag.field, str(flag.reason)) for item in result.parsed for flag in item.flags
    ]
