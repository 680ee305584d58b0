"""Which files of fixes there are, and which of them can be used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geo.errors import FileError, GeoError
from geo.services.batch.result import LeftOut
from geo.store.fixes import SUFFIX, Partition
from geo.wording import say


@dataclass(frozen=True, slots=True)
class Seen:
    """A partition that can be used, as its footer tells; `name` is its path in the folder."""

    name: str
    path: Path
    digest: str
    tracks: int
    fixes: int


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in a folder, in order of name.

    Attributes
    ----------
    seen
        Partitions to be used.
    doubles, failed
        How many files have the same content as one before them; how many cannot be read.
    left_out
        A sentence for each of these, for each without fixes, and for each with a track that an
        earlier file has too.
    """

    seen: tuple[Seen, ...]
    doubles: int
    failed: int
    left_out: tuple[LeftOut, ...]


def look_into(folder: Path) -> Folder:
    """Read the footers of all partitions in a folder and its folders.

    Raises
    ------
    FileError
        Where there is no such folder.
    """
    if not folder.is_dir():
        raise FileError(say("Mappen {folder} finns inte.", folder=folder.name))
    seen: list[Seen] = []
    left_out: list[LeftOut] = []
    doubles = failed = 0
    first_with: dict[str, str] = {}
    owner: dict[object, str] = {}
    # Names that begin with a dot are files not written to the end yet.
    paths = [path for path in folder.rglob(f"*{SUFFIX}") if not path.name.startswith(".")]
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in paths):
        try:
            partition = Partition(path)
        except GeoError as exc:
            left_out.append(LeftOut(name, exc.message))
            failed += 1
            continue
        if not len(partition):
            left_out.append(LeftOut(name, say("Filen har inga GPS-punkter.")))
        elif (same := first_with.setdefault(partition.digest, name)) != name:
            reason = say("Filen har samma innehåll som {other} och räknas inte igen.", other=same)
            left_out.append(LeftOut(name, reason))
            doubles += 1
            continue
        shared = sum(owner.setdefault(one, name) != name for one in partition.track_ids)
        if shared:
            reason = say(
                "{n} spår finns också i andra filer. Varje fil räknas för sig, så ett besök som "
                "fortsätter i en annan fil blir två.",
                n=shared,
            )
            left_out.append(LeftOut(name, reason))
        tracks = len(partition.counts)
        seen.append(Seen(name, path.resolve(), partition.digest, tracks, len(partition)))
    return Folder(tuple(seen), doubles, failed, tuple(left_out))
