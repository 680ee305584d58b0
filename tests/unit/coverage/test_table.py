"""One coverage row, number by number as domain.md §4 has them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from geo.coverage.hours import weekday_hour_minutes
from geo.coverage.presence import length_bands
from geo.coverage.table import FIGURES, coverage_table
from geo.model.period import Grain, Period
from geo.schema import DESIGNATIONS, PRESENCE, empty
from tests.unit.coverage.frames import designations, local, place, presence, visit


def period(first: str, stop: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(stop))


def rows(places, visits, first, stop, by: Grain = "all"):
    table = coverage_table(
        designations(*places), presence(*visits), period=period(first, stop), by=by
    )
    return table.replace({np.nan: None}).to_dict("records")


def row(places, visits, first, stop):
    (only,) = rows(places, visits, first, stop)
    return only


def test_columns_are_those_agreed():
    table = coverage_table(
        designations(place()), presence(), period=period("2021-03-01", "2021-04-01")
    )
    assert list(table.columns) == ["location_id", "name", "period_start", "period_end", *FIGURES]
    assert table["visits"].dtype == np.int64


def test_empty_frames_as_the_store_gives_them():
    one_place = coverage_table(
        designations(place()), empty(PRESENCE), period=period("2021-03-01", "2021-04-01")
    )
    assert one_place["visits"].tolist() == [0]
    seen = presence(visit("2021-03-05 20:00"))
    nothing = coverage_table(empty(DESIGNATIONS), seen, period=period("2021-03-01", "2021-04-01"))
    assert nothing.empty
    assert list(nothing.columns) == list(one_place.columns)


def test_overlapping_visits_count_twice_for_officers_and_once_for_the_patrol():
    # 20:00–20:15 and 20:10–20:20: 15 + 10 = 25, together 20:00–20:20 = 20.
    found = row(
        [place()],
        [
            visit("2021-03-05 20:00", "2021-03-05 20:15"),
            visit("2021-03-05 20:10", "2021-03-05 20:20"),
        ],
        "2021-03-01",
        "2021-04-01",
    )
    assert (found["officer_min"], found["patrol_min"], found["visits"]) == (25, 20, 2)


def test_officers_multiply_their_minutes():
    found = row(
        [place()],
        [visit("2021-03-05 20:00", "2021-03-05 20:15", officers=3)],
        "2021-03-01",
        "2021-04-01",
    )
    assert (found["officer_min"], found["patrol_min"]) == (45, 15)


def test_two_equal_visits_are_two_visits():
    twice = [visit("2021-03-05 20:00", "2021-03-05 20:15")] * 2
    found = row([place()], twice, "2021-03-01", "2021-04-01")
    assert (found["visits"], found["officer_min"], found["patrol_min"]) == (2, 30, 15)


def test_a_visit_over_midnight_is_split_over_two_days():
    # 23:50–00:10: ten minutes each day, begun on the first.
    first, second = rows(
        [place()],
        [visit("2021-03-05 23:50", "2021-03-06 00:10")],
        "2021-03-05",
        "2021-03-07",
        "day",
    )
    assert (first["patrol_min"], first["visits"]) == (10, 1)
    assert (second["patrol_min"], second["visits"]) == (10, 0)
    # Under way when the first day ends; ended 23 h 50 min before the second does.
    assert first["days_since_last"] == 0
    assert second["days_since_last"] == pytest.approx((24 * 60 - 10) / 1440)


def test_the_autumn_hour_counts_once_more():
    # 02:30 summer time to 02:30 winter time is 60 minutes.
    found = row(
        [place()],
        [visit(local("2021-10-31 02:30"), local("2021-10-31 02:30", fold=1))],
        "2021-10-31",
        "2021-11-01",
    )
    assert found["patrol_min"] == 60


@pytest.mark.parametrize(
    ("day", "next_day", "hours"),
    [("2021-03-28", "2021-03-29", 23), ("2021-10-31", "2021-11-01", 25)],
)
def test_length_of_a_day_is_its_elapsed_hours(day, next_day, hours):
    # 168 visits a week are one an hour: a single visit this day is 1/hours of what was aimed at.
    found = row([place(per_week=168)], [visit(f"{day} 12:00")], day, next_day)
    assert found["target_share"] == pytest.approx(1 / hours)
    empty = row([place()], [], day, next_day)
    assert empty["longest_gap_days"] == pytest.approx(hours / 24)
    assert empty["avg_idleness_days"] == pytest.approx(hours / 48)


def test_gaps_of_two_instants_in_thirty_days():
    # Visits on day 10 and 20 of 30: gaps 10, 10, 10; Σ gap²/(2L) = 300/60 = 5.
    found = row(
        [place()],
        [visit("2021-06-11 00:00"), visit("2021-06-21 00:00")],
        "2021-06-01",
        "2021-07-01",
    )
    assert found["longest_gap_days"] == 10
    assert found["avg_idleness_days"] == pytest.approx(5)
    assert found["days_since_last"] == 10


def test_a_place_never_visited_is_there_with_the_whole_period_as_its_gap():
    found = row([place(per_week=2)], [], "2021-06-01", "2021-07-01")
    assert found["longest_gap_days"] == 30
    assert found["avg_idleness_days"] == pytest.approx(15)
    assert found["days_since_last"] is None
    assert (found["visits"], found["officer_min"], found["patrol_min"]) == (0, 0, 0)
    assert found["target_share"] == 0
    assert found["hit_in_time_share"] is None


def test_a_place_covered_all_the_time_has_no_gap():
    found = row(
        [place()], [visit("2021-05-31 12:00", "2021-06-03 12:00")], "2021-06-01", "2021-06-03"
    )
    assert (found["longest_gap_days"], found["avg_idleness_days"]) == (0, 0)
    assert found["days_since_last"] == 0
    assert (found["patrol_min"], found["visits"]) == (2 * 1440, 0)


def test_a_visit_before_the_period_is_remembered():
    # Ended 20:15 on the last day of May; June ends 30 days, 3 h 45 min later.
    found = row(
        [place()], [visit("2021-05-31 20:00", "2021-05-31 20:15")], "2021-06-01", "2021-07-01"
    )
    assert found["visits"] == 0
    assert found["days_since_last"] == pytest.approx(30 + 3.75 / 24)
    assert found["longest_gap_days"] == 30


def test_the_latest_end_counts_not_the_latest_start():
    found = row(
        [place()],
        [
            visit("2021-06-29 20:00", "2021-06-30 18:00"),
            visit("2021-06-29 21:00", "2021-06-29 22:00"),
        ],
        "2021-06-01",
        "2021-07-01",
    )
    assert found["days_since_last"] == pytest.approx(6 / 24)


def test_edges_are_half_open():
    visits = [
        visit("2021-06-01 00:00"),  # the first moment is in
        visit("2021-07-01 00:00", "2021-07-01 00:30"),  # the last is not
        visit("2021-05-31 23:00", "2021-06-01 00:00"),  # ends as it begins: not in
    ]
    found = row([place()], visits, "2021-06-01", "2021-07-01")
    assert (found["visits"], found["patrol_min"]) == (1, 0)
    assert found["days_since_last"] == 30
    assert found["longest_gap_days"] == 30


def test_a_visit_begun_at_the_end_of_the_period_was_not_begun_before_it():
    found = row(
        [place()], [visit("2021-07-01 00:00", "2021-07-01 01:00")], "2021-06-01", "2021-07-01"
    )
    assert found["days_since_last"] is None


# ------------------------------------------------------------------ designations


def test_no_row_before_a_designation_and_after_it():
    found = rows(
        [place(start=local("2021-06-08 00:00"), end=local("2021-06-20 00:00"))],
        [],
        "2021-05-31",
        "2021-06-28",
        "week",
    )
    assert [(r["period_start"], r["period_end"]) for r in found] == [
        ("2021-06-07", "2021-06-14"),
        ("2021-06-14", "2021-06-21"),
    ]
    # Periods are named whole, but the place's time is clipped: 6 of 7 days each.
    assert [r["longest_gap_days"] for r in found] == [6, 6]


def test_rows_follow_first_appearance_and_then_time():
    found = rows(
        [place("b"), place("a"), place("c", start=local("2021-06-08 00:00"))],
        [],
        "2021-06-07",
        "2021-06-09",
        "day",
    )
    assert [(r["location_id"], r["period_start"][-2:]) for r in found] == [
        ("b", "07"),
        ("b", "08"),
        ("a", "07"),
        ("a", "08"),
        ("c", "08"),
    ]


def test_pieces_of_a_history_add_up_and_keep_their_own_gaps_and_targets():
    # Ten days with 7 visits a week, then twenty with 3.5: expected 10 + 10 = 20.
    change = local("2021-06-11 00:00")
    found = row(
        [
            place(name="Nya torget", start=change, per_week=3.5),
            place(name="Gamla torget", end=change, per_week=7),
        ],
        [visit("2021-06-06 00:00"), visit("2021-06-21 00:00")],
        "2021-06-01",
        "2021-07-01",
    )
    assert found["target_share"] == pytest.approx(2 / 20)
    # Gaps 5, 5 | 10, 10: the border of the pieces ends a gap.
    assert found["longest_gap_days"] == 10
    assert found["avg_idleness_days"] == pytest.approx((25 + 25 + 100 + 100) / 60)
    assert found["visits"] == 2
    assert found["name"] == "Nya torget"


def test_days_since_last_run_to_the_end_of_the_last_piece():
    # Designated 1–10 and 15–20 June; visited on the 12th, between the pieces.
    found = row(
        [
            place(start=local("2021-06-01 00:00"), end=local("2021-06-11 00:00")),
            place(start=local("2021-06-15 00:00"), end=local("2021-06-21 00:00")),
        ],
        [visit("2021-06-12 00:00", "2021-06-12 12:00")],
        "2021-06-01",
        "2021-07-01",
    )
    assert found["days_since_last"] == 8.5
    assert (found["visits"], found["patrol_min"]) == (0, 0)
    assert found["longest_gap_days"] == 10


def test_a_piece_without_a_target_is_not_measured_and_does_not_help_the_others():
    change = local("2021-06-08 00:00")
    found = row(
        [place(end=change), place(start=change, per_week=2)],
        [visit("2021-06-02 12:00"), visit("2021-06-03 12:00"), visit("2021-06-09 12:00")],
        "2021-06-01",
        "2021-06-15",
    )
    assert found["target_share"] == 0.5


@pytest.mark.parametrize("per_week", [None, 0])
def test_a_place_without_a_target_is_not_measurable(per_week):
    found = row([place(per_week=per_week)], [visit("2021-06-02 12:00")], "2021-06-01", "2021-06-15")
    assert found["target_share"] is None


def test_only_visits_long_enough_count_towards_the_target_by_their_whole_length():
    # A week with two aimed at, of ten minutes. Begun 23:55 on Sunday and twelve minutes long:
    # seven lie after the week, but the whole length counts.
    visits = [
        visit("2021-06-08 20:00", "2021-06-08 20:09"),
        visit("2021-06-13 23:55", "2021-06-14 00:07"),
    ]
    found = row([place(per_week=2, minutes=10)], visits, "2021-06-07", "2021-06-14")
    assert found["target_share"] == 0.5
    assert found["patrol_min"] == 9 + 5


def test_more_than_the_target_is_the_whole_target():
    found = row([place(per_week=1)], [visit("2021-06-08 20:00")] * 3, "2021-06-07", "2021-06-14")
    assert found["target_share"] == 1


def test_two_designations_at_once_are_a_mistake():
    with pytest.raises(ValueError, match="overlap"):
        row([place(), place(start=local("2021-06-08 00:00"))], [], "2021-06-07", "2021-06-14")


# ------------------------------------------------------------------ unsafe hours


def test_hit_in_time_is_the_share_of_patrol_minutes_in_the_unsafe_hours():
    # 19:30–20:30 on a Friday, half before eight; and a wholly covered duplicate.
    visits = [
        visit("2021-06-04 19:30", "2021-06-04 20:30"),
        visit("2021-06-04 20:00", "2021-06-04 20:30", officers=5),
    ]
    found = row([place(unsafe="Fr 20:00-02:00")], visits, "2021-06-01", "2021-06-08")
    assert found["hit_in_time_share"] == 0.5


def test_hit_in_time_is_not_measurable_without_minutes():
    found = row(
        [place(unsafe="Fr 20:00-02:00")], [visit("2021-06-04 20:30")], "2021-06-01", "2021-06-08"
    )
    assert found["hit_in_time_share"] is None


def test_the_autumn_night_has_two_unsafe_hours_between_two_and_three():
    # 01:00 summer time to 04:00 winter time: four hours, two of them between 2 and 3.
    found = row(
        [place(unsafe="02:00-03:00")],
        [visit("2021-10-31 01:00", "2021-10-31 04:00")],
        "2021-10-31",
        "2021-11-01",
    )
    assert found["patrol_min"] == 240
    assert found["hit_in_time_share"] == 0.5


def test_weekday_and_hour_matrix():
    # Friday 19:30–20:15 and, at another place, Sunday 23:50 to Monday 00:10.
    matrix = weekday_hour_minutes(
        designations(place("a"), place("b")),
        presence(
            visit("2021-06-04 19:30", "2021-06-04 20:15", at="a"),
            visit("2021-06-06 23:50", "2021-06-07 00:10", at="b"),
        ),
        period=period("2021-06-01", "2021-07-01"),
    )
    assert matrix[4, 19] == 30
    assert matrix[4, 20] == 15
    assert matrix[6, 23] == 10
    assert matrix[0, 0] == 10
    assert matrix.sum() == 65


def test_the_autumn_hour_has_the_minutes_of_both():
    matrix = weekday_hour_minutes(
        designations(place()),
        presence(visit("2021-10-31 01:00", "2021-10-31 04:00")),
        period=period("2021-10-31", "2021-11-01"),
    )
    assert matrix[6, 1:4].tolist() == [60, 120, 60]
    spring = weekday_hour_minutes(
        designations(place()),
        presence(visit("2021-03-28 01:00", "2021-03-28 04:00")),
        period=period("2021-03-28", "2021-03-29"),
    )
    assert spring[6, 1:4].tolist() == [60, 0, 60]


# ------------------------------------------------------------------ length bands


def test_length_bands_have_their_borders_where_koper_put_them():
    # < 3 drive-through, 3–<10 short, 10–16 recommended (16 included), > 16 long.
    lengths = {"00": 0, "01": 2, "02": 3, "03": 9, "04": 10, "05": 16, "06": 17}
    visits = [
        visit(f"2021-06-04 {hour}:00", f"2021-06-04 {hour}:{length:02d}")
        for hour, length in lengths.items()
    ]
    counts = length_bands(
        designations(place(), place("tomt")),
        presence(*visits),
        period=period("2021-06-01", "2021-07-01"),
    )
    assert counts.to_dict("records") == [
        {"location_id": "torget", "drive_through": 2, "short": 2, "recommended": 2, "long": 1},
        {"location_id": "tomt", "drive_through": 0, "short": 0, "recommended": 0, "long": 0},
    ]
