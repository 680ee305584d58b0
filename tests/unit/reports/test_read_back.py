"""What is exported can be imported again, in every format, as the very same records."""

from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import pytest

from geo.importers.door import read_import
from geo.model.period import Period
from geo.model.visit import Visit
from geo.reports.export import REPORT_FORMATS, report_file
from geo.reports.stamp import ReportStamp
from geo.services.demo import example_records, shipped_locations
from geo.wording import LANGUAGES, Wording

NOW = datetime(2022, 1, 3, 8, 0, tzinfo=UTC)
STAMP = ReportStamp("Rader", Period(date(2021, 1, 1), date(2022, 1, 1)), (), NOW, None)


def _frame(records, *, without=()):
    names = [name for name in type(records[0]).model_fields if name not in without]
    return pd.DataFrame({name: [getattr(record, name) for record in records] for name in names})


def _read_back(rows, *, kind, form, language, folder):
    report = report_file(rows, form=form, kind=kind, stamp=STAMP, wording=Wording(language))
    path = folder / report.name
    path.write_bytes(report.content)
    result = read_import(kind, path, now=NOW)
    assert result.rejected == ()
    return [parsed.record for parsed in result.parsed]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", REPORT_FORMATS)
def test_places_come_back_with_their_shapes(form, language, tmp_path):
    places = list(shipped_locations())
    shapes = [place.geometry for place in places]
    rows = gpd.GeoDataFrame(_frame(places, without=("geometry",)), geometry=shapes, crs="EPSG:4326")

    assert _read_back(rows, kind="locations", form=form, language=language, folder=tmp_path) == (
        places
    )


@pytest.mark.parametrize("form", REPORT_FORMATS)
def test_a_year_of_visits_comes_back_to_the_minute(form, tmp_path):
    # The year has both nights on which the clock is changed. Excel cannot tell the two
    # halves of the autumn night apart, so for it that hour is left out.
    visits = [
        record
        for record in example_records(seed=2021)
        if isinstance(record, Visit)
        and (form != "xlsx" or record.start_at.date() != date(2021, 10, 31))
    ]
    assert len(visits) > 2_500

    back = _read_back(
        _frame(visits, without=("flags",)),
        kind="visits", form=form, language="sv", folder=tmp_path,
    )  # fmt: skip

    assert back == visits
