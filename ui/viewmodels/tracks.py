"""What is shown of tracks, in words."""

from __future__ import annotations

from geo.coverage.ground.covered import REACH_M
from geo.maps.ground_tiles import GroundTiles
from geo.model.period import Period
from geo.wording import Wording


def unread_told(unread: int, wording: Wording) -> str:
    """Say how many files of tracks could not be read, and so are not shown; empty for none."""
    if not unread:
        return ""
    return wording.plural(
        "{n} fil med GPS-punkter är skadad och visas inte.",
        "{n} filer med GPS-punkter är skadade och visas inte.",
        unread,
    )


def ground_told(ground: GroundTiles | None, period: Period, wording: Wording) -> str:
    """Say what part of the area was covered in the weeks of a period, as the map's caption does.

    Parameters
    ----------
    ground
        None where there are no tracks.
    period
        Days of one ISO week are called by its number; anything longer is *the whole period*.
    wording
        The reader's language.
    """
    is_week = period.from_on.isocalendar()[:2] == period.last_on.isocalendar()[:2]
    when = (
        wording("Vecka {week}", week=period.from_on.isocalendar().week)
        if is_week
        else wording("Hela perioden")
    )
    share = 0.0 if ground is None else ground.share(period)
    if ground is None or not share > 0:
        return wording("{when}: inget spår.", when=when)
    return wording(
        "{when}: {area} km² ({share} av ytan) inom {reach} m från ett spår.",
        when=when,
        area=wording.figure(ground.covered_km2(period), digits=2),
        share=wording.percent(share, digits=1),
        reach=wording.number(REACH_M),
    )
