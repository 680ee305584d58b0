"""Lists of candidates: the pieces a cell lies in, or may; each list is kept once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Ints
from geo.coverage.engine.walk import spread


class Lists:
    """Lists of candidates, each kept once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lengths: list[Ints] = []
        self.pieces: list[Ints] = []
        self._tests: list[Ints] = []
        self._count = 0

    def add(self, owner: Ints, piece: Ints, test: Ints) -> tuple[Ints, Ints]:
        """Turn entries, in order of owner and piece, into a code for each owner.

        Returns
        -------
        tuple of ndarray
            Each owner once, and its code.
        """
        if not len(owner):
            return owner, owner
        first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
        length = np.diff(np.r_[first, len(owner)])
        code = piece[first] + 1
        is_list = (length > 1) | (test[first] >= 0)
        listed = np.flatnonzero(is_list)
        representative, number = self._alike(first, length, piece, test, listed)
        at = spread(first[representative], length[representative])[1]
        self._lengths.append(length[representative])
        self.pieces.append(piece[at])
        self._tests.append(test[at])
        code[listed] = -(self._count + number) - 1
        self._count += len(representative)
        return owner[first], code

    @staticmethod
    def _alike(
        first: Ints, length: Ints, piece: Ints, test: Ints, listed: Ints
    ) -> tuple[Ints, Ints]:
        """Find lists that are the same: give one of each kind, and the kind of every list."""
        # A sum of mixed numbers tells lists apart but for one chance in 2⁶⁴, which is checked.
        mixed = _mixed(piece, test)
        total = np.add.reduceat(mixed, first)[listed] if len(listed) else mixed[:0]
        _, representative, number = np.unique(total, return_index=True, return_inverse=True)
        representative = listed[representative]
        like = representative[number]
        same_length = length[like] == length[listed]
        run, at = spread(first[listed], np.where(same_length, length[listed], 0))
        other = at + (first[like] - first[listed])[run]
        if not (
            same_length.all()
            and (piece[at] == piece[other]).all()
            and (test[at] == test[other]).all()
        ):
            raise RuntimeError("two different lists of candidates look the same")
        return representative, number

    def finished(self) -> tuple[Ints, Ints, Ints]:
        """Give all lists: first entry of each, then piece and test of the entries."""
        lengths = np.concatenate([np.zeros(1, dtype=np.int64), *self._lengths])
        none = np.zeros(0, dtype=np.int64)
        return (
            np.cumsum(lengths),
            np.concatenate([none, *self.pieces]),
            np.concatenate([none, *self._tests]),
        )


def _mixed(piece: Ints, test: Ints) -> NDArray[np.uint64]:
    """Scatter numbers over 64 bits (the finaliser of splitmix64)."""
    z = piece.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + test.astype(np.uint64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = z ^ (z >> np.uint64(31))
    return mixed
