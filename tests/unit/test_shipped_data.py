"""Every feature of data/locations.geojson is a test case; so is every promise item."""

import itertools
import json
import os
from datetime import date
from pathlib import Path

import pytest
import shapely
import shapely.geometry

from geo.crs import to_metric
from geo.model.activity import SUGGESTED_KINDS
from geo.model.building import SPACES
from geo.model.location import Location
from geo.model.promise import Promise, PromiseItem
from geo.services.demo import shipped_locations, shipped_promises

DATA = Path(__file__).parents[2] / "data"
SHARED = Path(os.environ.get("TRYGG_SHARED", "../shared")) / "data"
BOUNDARY = SHARED / "boundary" / "mark_1463_lantmateriet_full.geojson"

COLLECTION = json.loads((DATA / "locations.geojson").read_text(encoding="utf-8"))
FEATURES = COLLECTION["features"]

# The canonical columns, in the order the templates have them.
COLUMNS = (
    *("location_id", "name", "kind", "radius_m", "priority", "visits_per_week"),
    *("minutes_per_visit", "unsafe_hours", "designated_from", "designated_to", "review_on"),
    *("source", "example"),
)


def _name(feature):
    return f"{feature['properties']['location_id']}@{feature['properties']['designated_from']}"


def _location(feature):
    geometry = shapely.geometry.shape(feature["geometry"])
    return Location(**feature["properties"], geometry=geometry)


each_feature = pytest.mark.parametrize("feature", FEATURES, ids=_name)


@pytest.fixture(scope="module")
def mark():
    if not BOUNDARY.is_file():
        pytest.skip(f"no boundary to compare with at {BOUNDARY} (TRYGG_SHARED)")
    outline = json.loads(BOUNDARY.read_text(encoding="utf-8"))
    return shapely.geometry.shape(outline["features"][0]["geometry"])


class TestEachPlace:
    @each_feature
    def test_is_a_valid_record_of_the_model(self, feature):
        location = _location(feature)

        assert location.name == feature["properties"]["name"], "nothing trimmed away"

    @each_feature
    def test_has_only_canonical_columns_in_their_order(self, feature):
        given = list(feature["properties"])

        assert given == [column for column in COLUMNS if column in given]

    @each_feature
    def test_says_that_it_is_an_example_and_what_is_invented(self, feature):
        assert feature["properties"]["example"] is True
        assert "påhitta" in feature["properties"]["source"].lower()

    @each_feature
    def test_is_a_feature_as_rfc_7946_has_it(self, feature):
        assert set(feature) == {"type", "properties", "geometry"}
        assert feature["type"] == "Feature"
        geometry = feature["geometry"]
        assert set(geometry) == {"type", "coordinates"}
        for ring in geometry["coordinates"] if geometry["type"] == "Polygon" else ():
            assert len(ring) >= 4
            assert ring[0] == ring[-1]
            assert shapely.LinearRing(ring).is_ccw, "outer rings run anticlockwise (§3.1.6)"
        for position in shapely.get_coordinates(shapely.geometry.shape(geometry)).tolist():
            # Six decimals are a decimetre; more would claim what nobody measured (§11.2).
            assert position == [round(degrees, 6) for degrees in position]

    @each_feature
    def test_lies_in_mark(self, feature, mark):
        assert mark.contains(_location(feature).geometry)

    @each_feature
    def test_is_as_large_as_a_place_one_can_stand_in(self, feature):
        location = _location(feature)
        area_m2 = to_metric(location.geometry).buffer(location.reach_m).area

        # From a bus shelter (a circle of 20 m) to a promenade (800 m × 60 m).
        assert 1_200 < area_m2 < 48_000

    @each_feature
    def test_is_measured_by_what_its_shape_needs(self, feature):
        has_radius = "radius_m" in feature["properties"]

        assert has_radius == (feature["geometry"]["type"] != "Polygon") or (
            feature["geometry"]["type"] == "Point"  # a point may have the default radius
        )

    @each_feature
    def test_reviews_lie_after_the_designation_began(self, feature):
        location = _location(feature)

        assert location.designated_from < location.review_on


class TestTheCollection:
    def test_says_no_crs_because_rfc_7946_has_only_one(self):
        assert set(COLLECTION) == {"type", "features"}
        assert COLLECTION["type"] == "FeatureCollection"

    def test_is_what_the_program_reads(self):
        assert [location.record_id for location in shipped_locations()] == [
            _name(feature) for feature in FEATURES
        ]

    def test_has_about_25_places_with_different_names(self):
        locations = shipped_locations()
        names = {location.location_id: location.name for location in locations}

        assert 24 <= len(names) <= 27
        assert len(set(names.values())) == len(names)

    def test_pieces_of_one_place_follow_each_other(self):
        locations = shipped_locations()
        pairs = [
            (one, other)
            for one, other in itertools.combinations(locations, 2)
            if one.location_id == other.location_id
        ]

        assert pairs, "one place has its target changed during 2021"
        for one, other in pairs:
            assert not one.overlaps(other)
            assert one.designated_to == other.designated_from
            assert one.visits_per_week != other.visits_per_week

    @pytest.mark.parametrize(
        ("what", "has_it"),
        [
            ("a point", lambda p: p.geometry.geom_type == "Point"),
            ("an area", lambda p: p.geometry.geom_type == "Polygon"),
            ("a corridor", lambda p: p.geometry.geom_type == "LineString"),
            ("priority 1", lambda p: p.priority == 1),
            ("priority 2", lambda p: p.priority == 2),
            ("priority 3", lambda p: p.priority == 3),
            ("the lowest target", lambda p: p.visits_per_week == 1),
            ("the highest target", lambda p: p.visits_per_week == 7),
            ("no target", lambda p: p.visits_per_week is None),
            ("a target without minutes", lambda p: p.visits_per_week and not p.minutes_per_visit),
            ("unsafe hours past midnight", lambda p: "20:00-02:00" in str(p.unsafe_hours)),
            ("no unsafe hours", lambda p: p.unsafe_hours is None),
            ("a start in mid-year", lambda p: p.designated_from == date(2021, 6, 15)),
            (
                "an end in the year, for good",
                lambda p: p.location_id == "orby-grillplatsen" and p.designated_to.year == 2021,
            ),
        ],
    )
    def test_shows_every_kind_of_place(self, what, has_it):
        assert any(has_it(place) for place in shipped_locations()), what

    def test_names_the_publicly_named_areas_with_their_source(self):
        for area in ("Kinna centrum", "Hedbo", "Assberg", "Snickaren", "Muraren"):
            sources = [p.source for p in shipped_locations() if p.name.startswith(area)]
            assert sources, area
            assert all("medborgarlöftet 2018" in source for source in sources), area


class TestThePromise:
    def test_is_one_for_2021_and_no_example(self):
        (promise,) = [p for p in shipped_promises() if isinstance(p, Promise)]

        assert (promise.from_on, promise.to_on) == (date(2021, 1, 1), date(2022, 1, 1))
        assert not promise.example

    def test_has_the_six_points_in_order(self):
        items = [item for item in shipped_promises() if isinstance(item, PromiseItem)]

        assert [(item.order, item.owner) for item in items] == [
            (1, "polisen"),
            (2, "polisen"),
            (3, "polisen"),
            (4, "kommunen"),
            (5, "mbab"),
            (6, "alla"),
        ]
        assert {item.promise_id for item in items} == {"medborgarlofte-2021"}

    def test_measures_only_what_was_promised_in_numbers_or_of_all(self):
        items = [item for item in shipped_promises() if isinstance(item, PromiseItem)]

        # "At least four targeted operations" is the only number the promise has.
        assert {item.item_id: item.target for item in items if item.target} == {
            "medborgarlofte-2021-narkotika": 4
        }
        assert [item.rule.counts for item in items if item.share_of_all] == [
            "places_on_target",
            "spaces_reviewed",
        ]

    def test_counts_kinds_the_forms_offer(self):
        rules = [item.rule for item in shipped_promises() if isinstance(item, PromiseItem)]
        known = {"activities": set(SUGGESTED_KINDS), "spaces_reviewed": set(SPACES)}

        for rule in rules:
            assert set(rule.kinds) <= known.get(rule.counts, set())
            assert bool(rule.kinds) == (rule.counts in known)
