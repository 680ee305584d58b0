"""The visits of partitions that are done, kept beside the result until that is whole."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.services.batch.partition import Question
from geo.store.whole import written_whole


class Parts:
    """A folder with one file per partition, named by all that its visits depend on.

    Parameters
    ----------
    out
        The result; the folder lies beside it.
    places
        The places asked about, as for ``index_places``.
    question
        What is asked.
    """

    def __init__(self, out: Path, places: gpd.GeoDataFrame, question: Question) -> None:
        self._folder = out.with_name(f"{out.name}.parts")
        self._asked = _digest_of(places, question)

    def path(self, digest: str) -> Path:
        """Say where the visits of the partition with this digest are, or would be."""
        return self._folder / f"{digest}-{self._asked}.parquet"

    def is_done(self, digest: str) -> bool:
        """Tell whether the visits are there and can be read."""
        try:
            self.read(digest)
        except (OSError, pa.ArrowException):
            return False
        return True

    def read(self, digest: str) -> Any:
        """Give the visits of a partition that is done, as they were when it was."""
        return pq.ParquetFile(self.path(digest), page_checksum_verification=True).read()

    def keep(self, digest: str, visits: Any) -> None:
        """Keep the visits of a partition; safe on disk when this returns."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with written_whole(self.path(digest)) as file:
            pq.write_table(visits, file, compression="zstd", write_page_checksum=True)

    def remove(self) -> None:
        """Remove all: the result is whole."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _digest_of(places: gpd.GeoDataFrame, question: Question) -> str:
    """Give a short name for places and question, that no others have."""
    plain = places.to_wkb(hex=True)
    digest = hashlib.blake2b(repr(sorted(asdict(question).items())).encode(), digest_size=16)
    digest.update(repr(plain.to_dict(orient="split")).encode())
    return digest.hexdigest()
