"""The housing company's spaces on a day, from a snapshot."""

from datetime import date

import pytest

from geo.model.period import Period
from geo.services.inspections import (
    areas_standing,
    inspections_of,
    open_deficiencies,
    spaces_standing,
)
from tests.unit.viewmodels.world import building, inspection, world

YEAR = Period(date(2021, 1, 1), date(2022, 1, 1))


def states(snapshot: object, *, on: date, interval_days: int = 365) -> dict[tuple[str, str], str]:
    found = spaces_standing(snapshot, on=on, interval_days=interval_days)  # type: ignore[arg-type]
    return dict(
        zip(zip(found["building_id"], found["space"], strict=True), found["state"], strict=True)
    )


def test_an_open_deficiency_goes_before_everything_and_due_before_clear() -> None:
    snapshot = world(
        building("a", "källare", "vind", "förråd", "tvättstuga"),
        inspection("a", "källare", "2021-02-01", "brist", due_on=date(2021, 3, 1)),
        inspection("a", "källare", "2021-04-01"),
        inspection("a", "vind", "2021-04-01"),
        inspection("a", "förråd", "2021-03-01"),
    )
    # Thirty days after 1 April is 1 May: not yet due on 30 April.
    found = states(snapshot, on=date(2021, 4, 30), interval_days=30)
    assert found == {
        ("a", "källare"): "deficiency",
        ("a", "vind"): "clear",
        ("a", "förråd"): "due",
        ("a", "tvättstuga"): "unseen",
    }
    assert states(snapshot, on=date(2021, 5, 1), interval_days=30)["a", "vind"] == "due"


def test_a_deficiency_is_open_until_the_day_it_was_put_right() -> None:
    snapshot = world(
        building("a"),
        inspection(
            "a", "vind", "2021-02-01", "brist", due_on=date(2021, 2, 20), fixed_on=date(2021, 3, 5)
        ),
    )
    assert open_deficiencies(snapshot, on=date(2021, 1, 31)).empty
    before = open_deficiencies(snapshot, on=date(2021, 3, 4))
    assert before[["address", "area", "space", "is_overdue"]].to_numpy().tolist() == [
        ["A 1", "Hedbo", "vind", True]
    ]
    # On its last day it is not late yet.
    assert not open_deficiencies(snapshot, on=date(2021, 2, 20))["is_overdue"].any()
    assert open_deficiencies(snapshot, on=date(2021, 3, 5)).empty


def test_deficiencies_without_a_day_stand_last_and_those_of_no_space_nowhere() -> None:
    snapshot = world(
        building("a"),
        inspection("a", "vind", "2021-02-01", "brist"),
        inspection("a", "källare", "2021-02-02", "brist", due_on=date(2021, 12, 1)),
    )
    found = open_deficiencies(snapshot, on=date(2021, 6, 1))
    assert list(found["space"]) == ["källare", "vind"]
    assert list(found["due_on"]) == [date(2021, 12, 1), None]


def test_a_locked_door_is_no_review() -> None:
    snapshot = world(
        building("a"),
        building("b", "källare", area="Assberg"),
        inspection("a", "källare", "2021-02-01"),
        inspection("a", "vind", "2021-02-01", "ej_tilltrade", due_on=date(2021, 3, 1)),
    )
    state = spaces_standing(snapshot, on=date(2021, 6, 1), interval_days=365)
    areas = areas_standing(snapshot, state, period=YEAR).set_index("area")
    assert areas.loc["Hedbo", ["stock", "reviewed", "share", "is_overdue"]].tolist() == [
        2,
        1,
        0.5,
        1,
    ]
    assert areas.loc["Assberg", ["stock", "reviewed", "is_due", "is_overdue"]].tolist() == [
        1,
        0,
        1,
        0,
    ]
    whole = areas_standing(snapshot, state, period=YEAR, by=()).iloc[0]
    assert whole["share"] == pytest.approx(1 / 3)


def test_the_history_of_a_building_ends_with_the_day_asked_for() -> None:
    snapshot = world(
        building("a"),
        building("b"),
        inspection("a", "vind", "2021-02-01"),
        inspection("a", "källare", "2021-02-03"),
        inspection("a", "vind", "2021-02-04"),
        inspection("b", "vind", "2021-02-02"),
    )
    found = inspections_of(snapshot, "a", until=date(2021, 2, 3))
    assert list(found["space"]) == ["källare", "vind"]


def test_nothing_to_inspect_is_no_error() -> None:
    snapshot = world()
    state = spaces_standing(snapshot, on=date(2021, 6, 1), interval_days=365)
    assert state.empty
    assert open_deficiencies(snapshot, on=date(2021, 6, 1)).empty
    assert areas_standing(snapshot, state, period=YEAR).empty
