"""Spaces on a day: reviewed, due, overdue, not put right."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.inspections import share_reviewed, spaces_state, state_counts
from geo.model.period import Period
from tests.unit.coverage.frames import local

COLUMNS = [
    "inspection_id",
    "building_id",
    "space",
    "inspected_at",
    "outcome",
    "deficiencies",
    "due_on",
    "fixed_on",
]


def stock(*spaces: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(spaces), columns=["building_id", "area", "space"])


def inspection(
    at: str,
    outcome: str = "utan_anmarkning",
    *,
    building: str = "H1",
    space: str = "källare",
    due: str | None = None,
    fixed: str | None = None,
    key: str | None = None,
) -> dict[str, object]:
    return {
        "inspection_id": key or f"{building}-{space}-{at}",
        "building_id": building,
        "space": space,
        "inspected_at": local(at),
        "outcome": outcome,
        "deficiencies": None,
        "due_on": date.fromisoformat(due) if due else None,
        "fixed_on": date.fromisoformat(fixed) if fixed else None,
    }


def events(*rows: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=COLUMNS, dtype=object)
    moments = [row["inspected_at"].astimezone(local("2021-01-01").tzinfo) for row in rows]
    frame["inspected_at"] = pd.to_datetime(pd.Series(moments, dtype=object), utc=True).astype(
        "datetime64[us, UTC]"
    )
    return frame


ONE = stock(("H1", "Hedbo", "källare"))


def state_on(day: str, *rows: dict[str, object], spaces: pd.DataFrame = ONE) -> dict[str, object]:
    state = spaces_state(spaces, events(*rows), on=date.fromisoformat(day))
    assert len(state) == len(spaces)
    return state.iloc[0].to_dict()


def test_never_reviewed_is_due_but_not_overdue():
    state = state_on("2021-06-01")
    assert not state["is_reviewed"]
    assert state["is_due"]
    assert not state["is_overdue"]
    assert state["due_on"] is None
    assert state["open_deficiencies"] == 0
    assert pd.isna(state["last_inspected_at"])


@pytest.mark.parametrize(
    ("day", "is_due", "is_overdue"),
    # Reviewed 10 January 2021: due 365 days later, 10 January 2022; overdue the day after.
    [("2022-01-09", False, False), ("2022-01-10", True, False), ("2022-01-11", True, True)],
)
def test_due_on_the_day_overdue_after_it(day, is_due, is_overdue):
    state = state_on(day, inspection("2021-01-10 10:00"))
    assert state["due_on"] == date(2022, 1, 10)
    assert (state["is_due"], state["is_overdue"]) == (is_due, is_overdue)
    assert state["is_reviewed"]
    assert state["last_outcome"] == "utan_anmarkning"


def test_an_inspection_counts_from_its_local_day():
    # 00:30 on 2 June in Sweden is 1 June in UTC.
    late = inspection("2021-06-02 00:30")
    assert not state_on("2021-06-01", late)["is_reviewed"]
    assert state_on("2021-06-02", late)["is_reviewed"]


def test_no_access_is_no_review_and_moves_the_due_day_to_the_new_date():
    tried = inspection("2021-06-01 10:00", "ej_tilltrade", due="2021-06-15")
    state = state_on("2021-06-10", tried)
    assert not state["is_reviewed"]
    assert state["is_without_access"]
    assert state["no_access_due_on"] == state["due_on"] == date(2021, 6, 15)
    assert not state["is_due"]
    # The date has passed: overdue, though never reviewed.
    assert state_on("2021-06-16", tried)["is_overdue"]


def test_no_access_without_a_new_date_leaves_the_due_day():
    state = state_on(
        "2021-06-10",
        inspection("2020-07-01 10:00"),
        inspection("2021-06-01 10:00", "ej_tilltrade"),
    )
    assert state["due_on"] == date(2021, 7, 1)
    assert state["is_without_access"]
    assert state["no_access_due_on"] is None


def test_a_review_after_no_access_settles_it():
    state = state_on(
        "2021-06-20",
        inspection("2021-06-01 10:00", "ej_tilltrade", due="2021-06-15"),
        inspection("2021-06-15 10:00"),
    )
    assert not state["is_without_access"]
    assert state["no_access_due_on"] is None
    assert state["due_on"] == date(2022, 6, 15)


@pytest.mark.parametrize(
    ("day", "how_many"),
    [("2021-05-31", 0), ("2021-06-01", 1), ("2021-06-09", 1), ("2021-06-10", 0)],
)
def test_a_deficiency_is_open_from_its_day_until_it_is_put_right(day, how_many):
    found = inspection("2021-06-01 10:00", "brist", due="2021-06-08", fixed="2021-06-10")
    assert state_on(day, found)["open_deficiencies"] == how_many


def test_a_deficiency_past_its_day_is_overdue_but_the_review_is_not():
    found = inspection("2021-06-01 10:00", "brist", due="2021-06-08")
    state = state_on("2021-06-09", found)
    assert state["overdue_deficiencies"] == 1
    assert state["deficiency_due_on"] == date(2021, 6, 8)
    assert (state["is_due"], state["is_overdue"]) == (False, False)
    assert state_on("2021-06-08", found)["overdue_deficiencies"] == 0


def test_a_later_review_does_not_close_a_deficiency():
    state = state_on(
        "2021-08-01",
        inspection("2021-06-01 10:00", "brist", due="2021-07-15"),
        inspection("2021-06-20 10:00", "brist", due="2021-07-10"),
        inspection("2021-07-01 10:00"),
    )
    assert state["open_deficiencies"] == 2
    assert state["deficiency_due_on"] == date(2021, 7, 10)
    assert state["last_outcome"] == "utan_anmarkning"


def test_a_remark_is_no_deficiency():
    state = state_on("2021-06-02", inspection("2021-06-01 10:00", "anmarkning"))
    assert state["open_deficiencies"] == 0
    assert state["is_reviewed"]


THREE = stock(("H1", "Hedbo", "källare"), ("H1", "Hedbo", "vind"), ("A1", "Assberg", "källare"))


def test_share_of_the_stock_per_area_and_space():
    made = events(
        inspection("2021-01-01 00:00"),  # the first moment of the year
        inspection("2021-05-01 10:00"),  # once more: still one space
        inspection("2021-05-01 10:00", "ej_tilltrade", space="vind"),
        inspection("2022-01-01 00:00", building="A1"),  # the year after
        inspection("2021-05-01 10:00", building="okänt"),
    )
    year = Period(date(2021, 1, 1), date(2022, 1, 1))
    assert share_reviewed(THREE, made, period=year).to_dict("records") == [
        {"area": "Hedbo", "space": "källare", "stock": 1, "reviewed": 1, "share": 1.0},
        {"area": "Hedbo", "space": "vind", "stock": 1, "reviewed": 0, "share": 0.0},
        {"area": "Assberg", "space": "källare", "stock": 1, "reviewed": 0, "share": 0.0},
    ]
    assert share_reviewed(THREE, made, period=year, by=("area",)).to_dict("records") == [
        {"area": "Hedbo", "stock": 2, "reviewed": 1, "share": 0.5},
        {"area": "Assberg", "stock": 1, "reviewed": 0, "share": 0.0},
    ]
    (all_of_it,) = share_reviewed(THREE, made, period=year, by=()).to_dict("records")
    assert all_of_it == {"stock": 3, "reviewed": 1, "share": pytest.approx(1 / 3)}


def test_counts_per_area():
    state = spaces_state(
        THREE,
        events(
            inspection("2020-01-01 10:00", "brist", due="2020-02-01"),
            inspection("2021-05-01 10:00", "ej_tilltrade", space="vind", due="2021-05-20"),
            inspection("2021-05-01 10:00", building="A1"),
        ),
        on=date(2021, 6, 1),
    )
    by_area = state_counts(state).set_index("area").to_dict("index")
    assert by_area["Hedbo"] == {
        "stock": 2,
        "is_reviewed": 1,
        "is_due": 2,
        "is_overdue": 2,
        "open_deficiencies": 1,
        "overdue_deficiencies": 1,
        "is_without_access": 1,
    }
    assert by_area["Assberg"]["is_due"] == 0
    assert state_counts(state, by=()).to_dict("records")[0]["stock"] == 3


def test_no_stock_and_no_inspections_are_empty_answers():
    assert spaces_state(stock(), events(), on=date(2021, 6, 1)).empty
    year = Period(date(2021, 1, 1), date(2022, 1, 1))
    assert share_reviewed(stock(), events(), period=year).empty
    assert pd.isna(share_reviewed(stock(), events(), period=year, by=())["share"].item())
    assert state_counts(spaces_state(stock(), events(), on=date(2021, 6, 1))).empty


rows = st.lists(
    st.builds(
        lambda day, hour, outcome, building, due, fixed: inspection(
            f"{date(2021, 1, 1) + timedelta(days=day)} {hour:02d}:00",
            outcome,
            building=building,
            due=str(date(2021, 1, 1) + timedelta(days=day + due)) if due is not None else None,
            fixed=str(date(2021, 1, 1) + timedelta(days=day + fixed))
            if fixed is not None and outcome == "brist"
            else None,
        ),
        st.integers(0, 60),
        st.integers(0, 23),
        st.sampled_from(["utan_anmarkning", "anmarkning", "brist", "ej_tilltrade"]),
        st.sampled_from(["H1", "A1"]),
        st.one_of(st.none(), st.integers(0, 20)),
        st.one_of(st.none(), st.integers(0, 20)),
    ),
    max_size=8,
    unique_by=lambda row: row["inspection_id"],
)


def slow_state(building: str, made: list[dict], on: date, interval: int) -> dict[str, object]:
    """Walk the events of a space one by one, in order of time."""
    reviewed_on = due_on = None
    without_access, deficiencies = False, 0
    for event in sorted(made, key=lambda e: (e["inspected_at"], e["inspection_id"])):
        day = datetime.date(event["inspected_at"])
        if event["building_id"] != building or day > on:
            continue
        without_access = event["outcome"] == "ej_tilltrade"
        if without_access:
            due_on = event["due_on"] or due_on
            continue
        reviewed_on, due_on = day, day + timedelta(days=interval)
        if event["outcome"] == "brist" and (event["fixed_on"] is None or event["fixed_on"] > on):
            deficiencies += 1
    return {
        "is_reviewed": reviewed_on is not None,
        "due_on": due_on,
        "is_due": due_on is None or on >= due_on,
        "is_overdue": due_on is not None and on > due_on,
        "open_deficiencies": deficiencies,
        "is_without_access": without_access,
    }


@settings(max_examples=80, deadline=None)
@given(rows, st.integers(0, 90), st.randoms(use_true_random=False))
def test_equals_walking_through_the_events(made, day, random):
    on = date(2021, 1, 1) + timedelta(days=day)
    spaces = stock(("H1", "Hedbo", "källare"), ("A1", "Assberg", "källare"))
    shuffled = list(made)
    random.shuffle(shuffled)
    state = spaces_state(spaces, events(*shuffled), on=on, interval_days=30)
    for row in state.to_dict("records"):
        expected = slow_state(row["building_id"], made, on, 30)
        assert {key: row[key] for key in expected} == expected
