"""Colours that can be read, and charts in the reader's own numbers and dates."""

from __future__ import annotations

import pytest

from geo.wording import Wording
from tests.unit.viewmodels.world import MARCH, SV, place, visit, world
from ui.components.charts import DARK, LIGHT, Palette, locale
from ui.components.coverage_charts import HeatLook, drawn_heat
from ui.viewmodels.pieces import Cut, silent_weeks


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def between(low: str, high: str, share: float) -> str:
    mixed = [
        round(int(low[at : at + 2], 16) * (1 - share) + int(high[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def test_the_measure_knows_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read(colours: Palette) -> None:
    on_page = (colours.ink, colours.soft, colours.met, colours.far, colours.behind_ink)
    for text in (*on_page, colours.accent):
        assert contrast(text, colours.paper) >= 4.5, text
    for text, fill in (
        (colours.on_met, colours.met),
        (colours.on_behind, colours.behind),
        (colours.on_far, colours.far),
        (colours.paper, colours.accent),
        (colours.soft, colours.quiet),
    ):
        assert contrast(text, fill) >= 4.5, (text, fill)
    for fill in (colours.met, colours.far, colours.bar, colours.ring):
        assert contrast(fill, colours.paper) >= 3, fill


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_on_every_shade_can_be_read(colours: Palette) -> None:
    steps = len(colours.ramp) - 1
    for percent in range(101):
        at = percent / 100
        step = min(int(at * steps), steps - 1)
        shade = between(colours.ramp[step], colours.ramp[step + 1], at * steps - step)
        text = colours.on_much if at >= colours.much_from else colours.on_little
        assert contrast(text, shade) >= 4.4, (percent, shade)


def test_numbers_and_months_are_the_readers_own() -> None:
    swedish, english = (locale(Wording(language)).to_dict() for language in ("sv", "en"))
    assert swedish["number"]["decimal"] == ","
    assert swedish["time"]["months"][4] == "maj"
    # Vega's week begins on Sunday.
    assert swedish["time"]["days"][:2] == ["söndag", "måndag"]
    assert english["number"]["decimal"] == "."
    assert english["time"]["days"][0] == "Sunday"


def test_a_chart_says_nothing_its_frames_do_not() -> None:
    snapshot = world(
        place("a", per_week=1, name="</script><img src=x onerror=alert(1)>"),
        visit("2021-03-02 20:00", at="a"),
    )
    cut = Cut("week", silent_weeks(snapshot, MARCH.period))
    found = drawn_heat(snapshot, MARCH, SV, HeatLook(cut, "light"))
    assert set(found.frames) == {"cells", "silent"}
    assert len(found.frames["silent"]) == 3
    assert found.spec["config"]["locale"]["number"]["decimal"] == ","
    # No frame is written into the spec: it is sent apart, as columns.
    assert "datasets" not in found.spec
