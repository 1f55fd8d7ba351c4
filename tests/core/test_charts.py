"""Charts: well-formed drawings that stay in their frame and agree with their tables."""

import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString
from hypothesis import given, settings
from hypothesis import strategies as st

from autoprod.core import charts
from autoprod.core.charts import Bar, Series
from autoprod.core.charts.scales import ticks
from autoprod.core.charts.svg import GREEN, GREEN_PALE, GREY, SERIES, fit, text_width, wrap

NS = "{http://www.w3.org/2000/svg}"
BAR_CHARTS = [
    charts.horizontal_bars,
    charts.vertical_bars,
    charts.sparkline_bars,
    charts.stacked_bar,
]
DISTRICTS = [
    Bar("Fg de Paris", 10, "10", note="17,9 %", href="/personnes/?quartier=1"),
    Bar("St Waast", 5, "5", note="8,9 %"),
    Bar("Autres", 14, "14", note="25,0 %", muted=True),
]
VALUES = st.integers(0, 10**15) | st.decimals(0, 10**12, places=2)
BARS = st.lists(
    st.builds(Bar, st.text(max_size=80), VALUES, st.text(max_size=30), muted=st.booleans()),
    max_size=60,
)


def parse(chart):
    return ElementTree.fromstring(chart.svg)


def drawn(chart, tag):
    return parse(chart).iter(NS + tag)


def numbers(element, *names):
    return [float(element.get(name)) for name in names]


def texts(chart):
    return [element.text for element in drawn(chart, "text")]


def bar_lengths(chart, name="width"):
    return [float(rect.get(name)) for rect in drawn(chart, "rect")]


def segments(chart):
    """Left and right ends of each part of a stacked bar."""
    ends = []
    for path in drawn(chart, "path"):
        points = [float(n) for n in re.findall(r"[\d.]+", path.get("d"))]
        ends.append((points[13], points[3]))
    return ends


def test_horizontal_bars_are_in_proportion():
    chart = charts.horizontal_bars("Par quartier", DISTRICTS)
    ten, five, others = bar_lengths(chart)
    assert ten == pytest.approx(2 * five, abs=0.02)
    assert others == pytest.approx(1.4 * ten, abs=0.02)
    assert [rect.get("fill") for rect in drawn(chart, "rect")] == [GREEN, GREEN, GREY]
    assert texts(chart)[:3] == ["Fg de Paris", "10", "17,9 %"]


def test_title_description_and_table_say_the_figures():
    chart = charts.horizontal_bars(
        "Par quartier", DISTRICTS, header=("Quartier", "Personnes", "Part")
    )
    root = parse(chart)
    assert root[0].tag == NS + "title"
    assert root[0].text == "Par quartier"
    assert root[1].text.startswith("Fg de Paris\u00a0: 10\u00a0; St Waast")
    assert chart.table.caption == "Par quartier"
    assert chart.table.header == ("Quartier", "Personnes", "Part")
    assert chart.table.rows[0].cells == ("Fg de Paris", "10", "17,9 %")
    assert chart.table.rows[0].href == "/personnes/?quartier=1"


def test_role_of_an_image_with_links():
    linked = parse(charts.horizontal_bars("Par quartier", DISTRICTS))
    assert linked.get("role") == "group"
    assert [link.get("href") for link in linked.iter(NS + "a")] == ["/personnes/?quartier=1"]
    assert parse(charts.horizontal_bars("Par quartier", DISTRICTS[1:])).get("role") == "img"


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//ailleurs.example", "https://x.example", "/\\x", "", "x"]
)
def test_links_stay_on_this_site(href):
    with pytest.raises(ValueError, match="this site"):
        Bar("a", 1, "1", href=href)


@pytest.mark.parametrize("value", [-1, Decimal("NaN"), Decimal("Infinity"), Decimal("-0.5")])
def test_values_that_have_no_length(value):
    with pytest.raises(ValueError, match="zero or positive"):
        Bar("a", value, "")
    with pytest.raises(ValueError, match="zero or positive"):
        Series("a", (1, value))


@pytest.mark.parametrize("value", [1.5, True, "1"])
def test_only_exact_values(value):
    with pytest.raises(TypeError):
        Bar("a", value, "")


def test_texts_are_escaped():
    nasty = "<script>alert('a & b')</script>\x00\ud800"
    for chart in (draw(nasty, [Bar(nasty, 1, nasty)]) for draw in BAR_CHARTS):
        assert isinstance(chart.svg, SafeString)
        assert "<script" not in chart.svg
        assert "&lt;script&gt;" in chart.svg
        assert chart.svg.encode()


def test_nothing_that_the_security_policy_forbids():
    line = charts.line("L", ["a"], [Series("s", (1,)), Series("t", (2,))])
    pair = charts.progress_pair("P", 18, 12)
    for chart in [draw("T", DISTRICTS) for draw in BAR_CHARTS] + [line, pair]:
        for element in parse(chart).iter():
            assert not {"style", "class", "id", "onclick"} & set(element.attrib)
            if element.tag == NS + "text":
                assert "Atkinson Hyperlegible Next" in element.get("font-family")
                assert element.get("fill")


@pytest.mark.parametrize("draw", BAR_CHARTS)
def test_no_bar_one_bar_and_only_zeros(draw):
    assert draw("Rien", []).table.rows == ()
    assert draw("Un", [Bar("a", 5, "5")]).table.rows[0].cells == ("a", "5")
    zeros = draw("Zéros", [Bar("a", 0, "0"), Bar("b", 0, "0")])
    assert GREEN not in zeros.svg
    assert [row.cells for row in zeros.table.rows] == [("a", "0"), ("b", "0")]


def test_vertical_bars_write_figures_or_draw_an_axis():
    months = [Bar(month, 100, "100") for month in "JFMAMJJASOND"]
    assert texts(charts.vertical_bars("Heures", months)).count("100") == 12
    amounts = [Bar(month, 100_000, "100\u202f000,00\u00a0€") for month in "JFMAMJJASOND"]
    chart = charts.vertical_bars("Budget", amounts)
    assert "100\u202f000,00\u00a0€" not in texts(chart)
    assert {"0", "50\u202f000", "100\u202f000"} <= set(texts(chart))


def test_sixty_months_have_room_for_their_labels():
    months = [Bar(f"{n:02d}/2015", n, str(n)) for n in range(60)]
    chart = charts.vertical_bars("Heures", months)
    labels = [element for element in drawn(chart, "text") if "/2015" in element.text]
    places = [float(element.get("x")) for element in labels]
    assert 5 <= len(labels) <= 15
    gaps = [right - left for left, right in pairwise(places)]
    assert min(gaps) > text_width("00/2015", 10)
    assert len(bar_lengths(chart)) == 59  # the first value is zero


def test_small_chart_names_its_ends_only():
    weeks = [Bar(f"S{n}", n, str(n)) for n in range(1, 11)]
    assert texts(charts.sparkline_bars("Heures", weeks)) == ["S1", "S10"]


def test_stacked_parts_follow_one_another():
    payers = [Bar("Département", 31_500, "31 500 €", note="32,4 %"), Bar("CCAS", 0, "0 €")]
    payers.append(Bar("État", 10_500, "10 500 €", note="10,8 %"))
    chart = charts.stacked_bar("Qui finance", payers, header=("Financeur", "Montant", "Part"))
    first, last = segments(chart)
    assert first == (0, pytest.approx(345, abs=0.02))
    assert last == (first[1], 460)
    assert texts(chart) == ["32,4 %", "10,8 %"]
    assert [row.series for row in chart.table.rows] == [1, 3, 2]


def test_text_on_a_colour_can_be_read():
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for fill, ink in SERIES:
        brighter, darker = sorted([light(fill), light(ink)], reverse=True)
        assert (brighter + 0.05) / (darker + 0.05) >= 4.5


def test_progress_pair():
    chart = charts.progress_pair("Santé", 18, 12, maximum=21, width=210)
    assert bar_lengths(chart) == [180, 120]
    assert [rect.get("fill") for rect in drawn(chart, "rect")] == [GREEN_PALE, GREEN]
    assert "18 engagées, 12 abouties" in parse(chart)[0].text
    assert bar_lengths(charts.progress_pair("Rien", 0, 0)) == []
    assert max(bar_lengths(charts.progress_pair("Plus", 2, 3))) == 165
    with pytest.raises(ValueError, match="longer"):
        charts.progress_pair("Trop", 5, 1, maximum=4)


def test_two_lines_differ_without_colour():
    chart = charts.line(
        "Heures", ["janv.", "févr.", "mars"],
        [Series("faites", (220, None, 310)), Series("prévues", (250, 250, 300))],
    )  # fmt: skip
    strokes = [one.get("stroke-dasharray") for one in drawn(chart, "polyline")]
    assert strokes == ["none", "6 4", "none", "none", "6 4"]  # two of them in the legend
    assert len(list(drawn(chart, "circle"))) == 3
    assert len(list(drawn(chart, "rect"))) == 4
    assert chart.table.header == ("Période", "faites", "prévues")
    assert chart.table.rows[1].cells == ("févr.", "–", "250")


def test_lines_refuse_what_they_cannot_draw():
    one = Series("a", (1, 2))
    for labels, series in ((["x", "y"], []), (["x", "y"], [one] * 3), ([], []), (["x"], [one])):
        with pytest.raises(ValueError, match="label"):
            charts.line("Heures", labels, series)


@pytest.mark.parametrize(
    ("top", "expected"),
    [(0, "0 1"), (1, "0 0.5 1.0"), (4, "0 1 2 3 4"), (470, "0 200 400 600"), (30, "0 10 20 30")],
)
def test_graduations_are_round(top, expected):
    found = [format(tick.normalize() + 0, "f") for tick in ticks(top)]
    assert found == [format(Decimal(t).normalize() + 0, "f") for t in expected.split()]


@settings(max_examples=100, deadline=None)
@given(VALUES.filter(bool))
def test_graduations_cover_the_values(top):
    found = ticks(top)
    assert found[0] == 0
    assert found[-2] < top <= found[-1]
    assert 2 <= len(found) <= 6


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.floats(20, 300))
def test_labels_fit(text, room):
    assert text_width(fit(text, 10, room), 10) <= room
    lines = wrap(text, 10, room)
    assert len(lines) <= 2
    assert all(text_width(part, 10) <= room for part in lines)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BAR_CHARTS), st.text(max_size=40), BARS)
def test_any_bars_stay_in_the_frame(draw, title, bars):
    chart = draw(title, bars)
    root = parse(chart)
    _, _, width, height = map(float, root.get("viewBox").split())
    for rect in root.iter(NS + "rect"):
        x, y, w, h = numbers(rect, "x", "y", "width", "height")
        assert -1.01 <= x <= x + w <= width + 1.01
        assert -0.01 <= y <= y + h <= height + 0.01
    for text in root.iter(NS + "text"):
        x, y = numbers(text, "x", "y")
        assert -0.01 <= x <= width + 0.01
        assert 0 <= y <= height
    assert len(chart.table.rows) == len(bars)


@settings(max_examples=60, deadline=None)
@given(BARS.filter(lambda bars: any(bar.value for bar in bars)))
def test_stacked_widths_add_up(bars):
    ends = segments(charts.stacked_bar("Parts", bars))
    assert sum(right - left for left, right in ends) == pytest.approx(460, abs=0.02 * len(ends))
    assert ends[0][0] == 0
    assert ends[-1][1] == 460


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | VALUES, min_size=1, max_size=40), st.text(max_size=60))
def test_any_line_stays_in_the_frame(values, name):
    labels = [f"{name}{index}" for index in range(len(values))]
    chart = charts.line("L", labels, [Series(name, tuple(values)), Series("b", tuple(values))])
    for circle in drawn(chart, "circle"):
        x, y = numbers(circle, "cx", "cy")
        assert 0 <= x <= 460
        assert 0 <= y <= 190
