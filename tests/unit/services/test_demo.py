"""The example year: the same everywhere, uneven as real work, and nobody in it."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.crs import project, to_metric
from geo.model.activity import Activity
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.personal import personal_hints
from geo.model.time import STOCKHOLM
from geo.model.visit import Track, Visit
from geo.services.demo import example_records
from geo.services.demo.dice import Dice

ROOT = Path(__file__).parents[3]
FIRST, END = date(2021, 1, 1), date(2022, 1, 1)


def _digest(records):
    lines = "\n".join(f"{type(record).__name__} {record!r}" for record in records)
    return hashlib.sha256(lines.encode()).hexdigest()


class Example:
    def __init__(self, records):
        self.records = records

    def of(self, record_type):
        found = [record for record in self.records if type(record) is record_type]
        assert found
        return found


@pytest.fixture(scope="module", params=[2021, 0, 7])
def example(request):
    return Example(example_records(seed=request.param))


def _local_day(moment):
    return moment.astimezone(STOCKHOLM).date()


class TestTheSameEverywhere:
    def test_in_another_process_with_other_hashes_and_another_time_zone(self):
        code = (
            "import sys, hashlib\n"
            "from geo.services.demo import example_records\n"
            "lines = '\\n'.join(f'{type(r).__name__} {r!r}' for r in example_records(seed=5))\n"
            "print(hashlib.sha256(lines.encode()).hexdigest())"
        )
        env = os.environ | {"PYTHONHASHSEED": "12345", "TZ": "Pacific/Auckland"}
        other = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT, env=env, capture_output=True, text=True, check=True,
        )  # fmt: skip

        assert other.stdout.strip() == _digest(example_records(seed=5))

    def test_another_seed_tells_another_year(self):
        one, other = example_records(seed=1), example_records(seed=2)

        assert _digest(one) != _digest(other)

    def test_topics_are_thrown_with_dice_of_their_own(self):
        throws = [Dice(seed=1, topic=topic).roll(0, 2**62) for topic in (1, 2)]

        assert throws[0] != throws[1]

    def test_weighed_dice_fall_by_their_weights(self):
        dice = Dice(seed=3, topic=9)

        fallen = Counter(dice.weighed((0, 1, 3, 0)) for _ in range(4_000))

        assert set(fallen) == {1, 2}
        # 3 000 expected of 4 000, standard deviation √(4000·¾·¼) = 27; five of them.
        assert abs(fallen[2] - 3_000) < 137

    def test_rounding_by_dice_is_right_on_average(self):
        dice = Dice(seed=3, topic=9)

        rounded = [dice.rounded(2_250) for _ in range(4_000)]

        assert set(rounded) == {2, 3}
        assert abs(sum(rounded) - 9_000) < 137  # the same √(npq) as above


class TestEveryRecord:
    def test_says_that_it_is_an_example(self, example):
        assert all(record.example for record in example.records)

    def test_has_a_key_of_its_own(self, example):
        keys = Counter((type(record), record.record_id) for record in example.records)

        assert max(keys.values()) == 1

    def test_comes_after_what_it_refers_to(self, example):
        known = {None}
        for record in example.records:
            if isinstance(record, Location):
                known.add(record.location_id)
            elif isinstance(record, Building):
                known.add(record.building_id)
            elif isinstance(record, Inspection):
                assert record.building_id in known
            elif isinstance(record, Visit | Activity):
                assert record.location_id in known

    def test_hints_at_no_person(self, example):
        texts = [
            value
            for record in example.records
            for value in record.model_dump(exclude={"geometry", "fixes"}).values()
            if isinstance(value, str)
        ]

        assert len(texts) > 1_000
        assert [text for text in texts if personal_hints(text)] == []


class TestVisits:
    def test_are_a_year_of_them(self, example):
        visits = example.of(Visit)

        assert 2_500 <= len(visits) <= 4_000
        assert all(FIRST <= _local_day(visit.start_at) < END for visit in visits)
        assert [v.start_at for v in visits] == sorted(v.start_at for v in visits)

    def test_name_only_places_designated_then(self, example):
        pieces = example.of(Location)

        for visit in example.of(Visit):
            if visit.location_id is not None:
                day = _local_day(visit.start_at)
                assert any(
                    p.location_id == visit.location_id and p.is_designated(day) for p in pieces
                )

    def test_have_one_to_four_officers_and_the_usual_kinds(self, example):
        visits = example.of(Visit)

        assert {visit.officers for visit in visits} == {1, 2, 3, 4}
        assert {v.kind for v in visits} == {"patrull", "fotpatrull", "bil", "områdespolis"}

    def test_come_at_night_and_at_weekends(self, example):
        starts = [visit.start_at.astimezone(STOCKHOLM) for visit in example.of(Visit)]
        # Friday and Saturday 18–02 is 16 of the week's 168 hours, 9.5 %.
        shifted = [start - timedelta(hours=2) for start in starts]
        late = [at for at in shifted if at.weekday() in {4, 5} and at.hour >= 16]

        assert len(late) / len(starts) > 2 * 16 / 168

    def test_leave_places_met_behind_far_behind_and_one_never_seen(self, example):
        shares = _target_shares(example)

        assert sum(share >= 1 for share in shares.values()) >= 4
        assert sum(0.5 <= share < 1 for share in shares.values()) >= 4
        assert sum(share < 0.5 for share in shares.values()) >= 4
        assert [place for place, share in shares.items() if share == 0] == [
            "oxaback-idrottsplatsen"
        ]

    def test_are_of_every_length_band(self, example):
        minutes = [(v.end_at - v.start_at) / timedelta(minutes=1) for v in example.of(Visit)]

        bands = Counter(int(np.searchsorted([3, 10, 16.5], m, side="right")) for m in minutes)
        assert set(bands) == {0, 1, 2, 3}

    def test_some_did_not_come_off_and_say_why(self, example):
        missed = [visit for visit in example.of(Visit) if not visit.done]

        assert 20 <= len(missed) <= 120
        assert all(visit.not_done_reason for visit in missed)

    def test_some_have_a_position_instead_of_a_place(self, example):
        bare = [visit for visit in example.of(Visit) if visit.location_id is None]
        inside = [visit for visit in bare if _places_at(example, visit)]

        assert len(bare) >= 40
        assert len(inside) >= 30
        assert len(inside) < len(bare), "and some are at no place at all"

    def test_a_few_are_logged_far_from_the_place_they_name(self, example):
        named = [v for v in example.of(Visit) if v.location_id and v.lon is not None]
        far = [v for v in named if not _places_at(example, v, margin_m=100)]

        assert 1 <= len(far) < len(named)


class TestSilence:
    def test_two_weeks_have_no_report_of_any_kind(self, example):
        # Whole ISO weeks of 2021: W01 to W51; W52 runs into January but has its Monday in 2021.
        weeks = {date.fromisocalendar(2021, week, 1) for week in range(1, 53)}
        days = [
            *(_local_day(visit.start_at) for visit in example.of(Visit)),
            *(_local_day(inspection.inspected_at) for inspection in example.of(Inspection)),
            *(activity.from_on for activity in example.of(Activity)),
            *(_local_day(track.fixes[0].at) for track in example.of(Track)),
        ]
        silent = weeks - {day - timedelta(days=day.weekday()) for day in days}

        assert len(silent) == 2
        assert len([monday for monday in silent if monday.month == 7]) == 1

    def test_the_other_weeks_all_have_visits(self, example):
        per_week = Counter(_local_day(v.start_at).isocalendar().week for v in example.of(Visit))

        # 53 calendar weeks touch the year (2020-W53 among them), two are silent.
        assert len(per_week) == 51
        assert min(per_week.values()) > 10


class TestBuildings:
    def test_are_about_two_hundred_at_addresses_nobody_has(self, example):
        buildings = example.of(Building)

        assert 180 <= len(buildings) <= 220
        assert all(building.address.startswith("Exempel") for building in buildings)
        assert len({building.address for building in buildings}) == len(buildings)

    def test_stand_apart_in_their_areas(self, example):
        buildings = example.of(Building)
        lonlat = shapely.get_coordinates([building.geometry for building in buildings])
        east_m, north_m = project(lonlat[:, 0], lonlat[:, 1])
        apart_m = np.hypot(east_m[:, None] - east_m, north_m[:, None] - north_m)
        np.fill_diagonal(apart_m, np.inf)

        assert apart_m.min() > 20
        for area in {building.area for building in buildings}:
            mine = [i for i, building in enumerate(buildings) if building.area == area]
            # A housing area is crossed on foot in some minutes.
            assert np.where(np.isfinite(apart_m), apart_m, 0)[np.ix_(mine, mine)].max() < 500

    def test_have_basements_and_attics(self, example):
        spaces = Counter(space for building in example.of(Building) for space in building.spaces)

        assert len(spaces) == 7
        assert spaces["källare"] > 120
        assert spaces["vind"] > 80


class TestInspections:
    def test_look_at_spaces_the_building_has(self, example):
        has = {building.building_id: building.spaces for building in example.of(Building)}

        assert all(i.space in has[i.building_id] for i in example.of(Inspection))

    def test_are_made_in_2021_on_weekdays_by_day(self, example):
        for inspection in example.of(Inspection):
            seen_at = inspection.inspected_at.astimezone(STOCKHOLM)
            assert seen_at.year == 2021
            assert seen_at.weekday() < 5
            assert 8 <= seen_at.hour < 16

    def test_leave_deficiencies_fixed_open_and_overdue_at_the_end_of_the_year(self, example):
        found = [i for i in example.of(Inspection) if i.outcome == "brist"]
        unfixed = [i for i in found if i.fixed_on is None]

        assert all(i.deficiencies and i.due_on for i in found)
        assert any(i.fixed_on and i.fixed_on <= i.due_on for i in found), "in time"
        assert any(i.fixed_on and i.fixed_on > i.due_on for i in found), "late"
        assert any(i.due_on < END for i in unfixed), "overdue"
        assert all(i.fixed_on < END for i in found if i.fixed_on), "nobody knows 2022 yet"

    def test_without_access_give_a_new_date_that_is_mostly_kept(self, example):
        inspections = example.of(Inspection)
        locked = [i for i in inspections if i.outcome == "ej_tilltrade"]
        again = {(i.building_id, i.space, _local_day(i.inspected_at)) for i in inspections}
        kept = [
            i
            for i in locked
            # A date at a weekend or in a silent week is kept some days later.
            if any(
                (i.building_id, i.space, i.due_on + timedelta(days=late)) in again
                for late in range(10)
            )
        ]

        assert all(i.due_on for i in locked)
        assert len(locked) / 3 < len(kept) < len(locked)

    def test_come_further_in_some_areas_than_in_others(self, example):
        area_of = {building.building_id: building.area for building in example.of(Building)}
        stock = Counter(
            b.area for b in example.of(Building) for s in b.spaces if s in {"källare", "vind"}
        )
        seen = {
            (i.building_id, i.space)
            for i in example.of(Inspection)
            if i.space in {"källare", "vind"}
        }
        reviewed = Counter(area_of[building_id] for building_id, _ in seen)

        assert reviewed["Hedbo"] / stock["Hedbo"] > 0.85
        assert 0.25 < reviewed["Fritsla"] / stock["Fritsla"] < 0.7
        assert reviewed["Torestorp"] == 0


class TestActivities:
    # Target 4 over 365 days: 4·151/365 = 1.65 on 31 May, 1.98 on 30 June, 2.66 on 31 August.
    @pytest.mark.parametrize(
        ("on", "is_on_pace"),
        [
            (date(2021, 3, 20), True),
            (date(2021, 5, 31), False),
            (date(2021, 6, 30), True),
            (date(2021, 8, 31), False),
            (date(2021, 9, 25), True),
            (date(2021, 11, 25), False),
            (date(2021, 12, 31), True),
        ],
    )
    def test_operations_are_now_behind_the_pace_now_on_it(self, example, on, is_on_pace):
        done = [
            activity
            for activity in example.of(Activity)
            if activity.kind == "riktad insats narkotika" and activity.from_on <= on
        ]
        expected = 4 * ((on - FIRST).days + 1) / 365

        assert (len(done) >= expected) is is_on_pace

    def test_safety_walks_are_the_announced_ones(self, example):
        walks = [a for a in example.of(Activity) if a.kind == "trygghetsvandring"]

        assert [(walk.from_on, walk.place_text) for walk in walks] == [
            (date(2021, 11, 4), "Hedbo"),
            (date(2021, 11, 25), "Snickaren"),
            (date(2021, 12, 2), "Assberg"),
        ]
        assert all("Offentligt utlyst" in walk.note for walk in walks)

    def test_every_other_kind_of_the_promise_is_there(self, example):
        kinds = {activity.kind for activity in example.of(Activity)}

        assert {"skolarbete", "föräldramöte", "informationsinsats", "synpunkt"} <= kinds


class TestTracks:
    def test_are_some_in_time_order(self, example):
        tracks = example.of(Track)

        assert 10 <= len(tracks) <= 20
        for track in tracks:
            moments = [fix.at for fix in track.fixes]
            assert moments == sorted(set(moments))
            assert all(moment.tzinfo is UTC for moment in moments)

    def test_move_no_faster_than_their_kind(self, example):
        for track in example.of(Track):
            lon, lat = zip(*((fix.lon, fix.lat) for fix in track.fixes), strict=True)
            east_m, north_m = project(lon, lat)
            seconds = np.diff([fix.at.timestamp() for fix in track.fixes])
            speeds = np.hypot(np.diff(east_m), np.diff(north_m)) / seconds
            # A brisk walk, and 70 km/h; both with some metres of error in each fix.
            assert speeds.max() < {"fotpatrull": 2.6, "bil": 19.5}[track.kind]

    def test_stand_still_in_two_places_or_more(self, example):
        for track in example.of(Track):
            stood = Counter(place for fix in track.fixes for place in _places_at(example, fix))
            # Eight fixes half a minute apart are four minutes.
            assert sum(fixes >= 8 for fixes in stood.values()) >= 2, track.name


def _target_shares(example):
    """Reckon q / expected as the text says it, place by place, the slow way."""
    expected, counted = Counter(), Counter()
    for piece in example.of(Location):
        if piece.visits_per_week is None:
            continue
        first = max(piece.designated_from, FIRST)
        end = min(piece.designated_to or END, END)
        expected[piece.location_id] += piece.visits_per_week * (end - first).days / 7
        counted[piece.location_id] += sum(
            visit.done
            and visit.location_id == piece.location_id
            and first <= _local_day(visit.start_at) < end
            and visit.end_at - visit.start_at >= timedelta(minutes=piece.minutes_per_visit or 0)
            for visit in example.of(Visit)
        )
    return {place: counted[place] / expected[place] for place in expected}


def _places_at(example, where, *, margin_m=0):
    """Name the places whose area covers a position; of a visit, only the one it names."""
    at = shapely.Point(*(float(x) for x in project(where.lon, where.lat)))
    named = getattr(where, "location_id", None)
    return {
        location_id
        for location_id, area, reach_m in _areas(example)
        if named in {None, location_id} and area.distance(at) <= reach_m + margin_m
    }


def _areas(example):
    if not hasattr(example, "areas"):
        example.areas = [
            (piece.location_id, to_metric(piece.geometry), piece.reach_m)
            for piece in example.of(Location)
        ]
    return example.areas


def test_moments_are_in_utc():
    visit = next(r for r in example_records(seed=1) if isinstance(r, Visit))

    assert visit.start_at.tzinfo is UTC
    assert isinstance(visit.start_at, datetime)
