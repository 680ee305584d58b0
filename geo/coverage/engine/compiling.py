"""numba comes in the background: imported, and its code made or read from disk, by a thread.

Compiling takes seconds the first time and a moment after that (numba keeps the code beside the
sources, or in the user's cache folder where it may not write there).  Until then, and wherever
numba cannot work, the numpy form of the same index answers.
"""

from __future__ import annotations

import logging
import threading
from typing import Final, Literal, Protocol

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.engine import clips, degrees, sessions, stays
from geo.coverage.engine.clips import LineVisits
from geo.coverage.engine.degrees import Units
from geo.coverage.engine.index import PlaceIndex
from geo.coverage.engine.sessions import FixVisits
from geo.coverage.engine.tracks import Tracks

Form = Literal["auto", "numpy", "compiled"]
"""*auto*: compiled as soon as that is ready; *compiled* waits for it."""

_log: Final = logging.getLogger(__name__)


class Engine(Protocol):
    """One form of the jobs; see ``degrees``, ``sessions``, ``clips``, ``stays``."""

    def quantised(
        self, lon_deg: Floats, lat_deg: Floats, *, threads: int
    ) -> tuple[Units, Units, Bools, Bools]:
        """Round positions to whole units."""

    def visits_by_fixes(
        self, tracks: Tracks, index: PlaceIndex, *, max_gap_ticks: int, threads: int
    ) -> FixVisits:
        """Join fixes to visits."""

    def visits_by_lines(
        self, tracks: Tracks, index: PlaceIndex, *, max_gap_us: int, max_away_us: int, threads: int
    ) -> LineVisits:
        """Join clipped lines to visits."""

    def fixes_within(
        self, tracks: Tracks, track: Ints, start_us: Ints, end_us: Ints
    ) -> tuple[Ints, Ints]:
        """Find which fixes lie between two moments."""


class _Numpy:
    """The numpy form; it knows no threads."""

    def quantised(
        self, lon_deg: Floats, lat_deg: Floats, *, threads: int
    ) -> tuple[Units, Units, Bools, Bools]:
        """Round positions to whole units."""
        del threads
        return degrees.quantised(lon_deg, lat_deg)

    def visits_by_fixes(
        self, tracks: Tracks, index: PlaceIndex, *, max_gap_ticks: int, threads: int
    ) -> FixVisits:
        """Join fixes to visits."""
        del threads
        return sessions.visits_by_fixes(tracks, index, max_gap_ticks=max_gap_ticks)

    def visits_by_lines(
        self, tracks: Tracks, index: PlaceIndex, *, max_gap_us: int, max_away_us: int, threads: int
    ) -> LineVisits:
        """Join clipped lines to visits."""
        del threads
        return clips.visits_by_lines(tracks, index, max_gap_us=max_gap_us, max_away_us=max_away_us)

    def fixes_within(
        self, tracks: Tracks, track: Ints, start_us: Ints, end_us: Ints
    ) -> tuple[Ints, Ints]:
        """Find which fixes lie between two moments."""
        return stays.fixes_within(tracks, track, start_us, end_us)


class _Background:
    """Compiles once, in a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.engine: Engine | None = None

    def begin(self) -> threading.Thread:
        """Begin, unless that has been done."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._compile, name="compiling", daemon=True)
                self._thread.start()
            return self._thread

    def _compile(self) -> None:
        try:
            from geo.coverage.engine import kernel_cube, kernel_ground, kernel_run

            kernel_run.warm_up()
            kernel_ground.warm_up()
            kernel_cube.warm_up()
        except Exception:  # noqa: BLE001  # whatever numba cannot do here, numpy can
            _log.warning("numba could not compile the engine; numpy serves", exc_info=True)
        else:
            self.engine = kernel_run


_numpy: Final = _Numpy()
_background: Final = _Background()


def begin_compiling() -> None:
    """Begin in the background, if that has not been done; returns at once."""
    _background.begin()


def is_compiled() -> bool:
    """Tell whether the compiled form is ready."""
    return _background.engine is not None


def engine(form: Form = "auto") -> Engine:
    """Give one form of the engine; asking for any but *numpy* begins compiling.

    Raises
    ------
    RuntimeError
        Where the compiled form is asked for and cannot be had.
    """
    if form == "numpy":
        return _numpy
    thread = _background.begin()
    if form == "compiled":
        thread.join()
        if _background.engine is None:
            raise RuntimeError("numba could not compile the engine")
    return _background.engine or _numpy
