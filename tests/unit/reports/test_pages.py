"""The page, the pictures, JUnit, Markdown and the terminal's table."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from reports.charts.bars import call_bars, converge_bars, money_bars
from reports.charts.lag import lag_bars
from reports.charts.matrix import law_matrix
from reports.charts.timeline import open_strips
from reports.compare import totals
from reports.console import compare_table
from reports.html import to_html
from reports.junit import to_junit
from reports.markdown import to_markdown
from reports.record import Record

GOLDEN = Path(__file__).parents[2] / "golden" / "reports" / "compare.md"
VOID = {"meta", "br", "link", "img", "hr", "input"}
Make = Callable[..., Record]


class _Reader(HTMLParser):
    """Keeps what the tests ask about; fails on a tag closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.counts: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> out of turn at {self.getpos()}"


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_fetches_nothing(make_record: Make) -> None:
    page = to_html(make_record((7, 8, 9)))
    reader = _read(page)
    for tag, name, value in reader.attributes:
        assert name not in ("src", "srcset", "action", "data", "poster", "xlink:href"), (tag, name, value)
        assert name != "href" or value.startswith("#"), (tag, value)
    assert reader.counts.keys() & {"script", "link", "img", "iframe", "object"} == set()
    without_namespace = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?://|@import|url\(", without_namespace)


def test_every_anchor_has_its_place_and_ids_are_unique(make_record: Make) -> None:
    reader = _read(to_html(make_record((7, 8))))
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for _, name, value in reader.attributes if name == "href"} <= set(ids)


def test_every_broken_law_has_story_and_replay(sample: Record) -> None:
    page = to_html(sample)
    for run in sample.models:
        for law in run.broken:
            assert f"{law.id} · {law.title}" in page
            for witness in law.witnesses:
                assert html.escape("\n".join(witness.story)) in page
                assert witness.replay in page
                assert "EUR 1,188.00" in page


def test_tables_have_captions_and_pictures_have_words(make_record: Make) -> None:
    page = to_html(make_record((7, 8)))
    reader = _read(page)
    assert reader.counts["table"] == reader.counts["caption"]
    assert reader.counts["svg"] == reader.counts["desc"]


def test_text_from_outside_is_escaped(sample: Record) -> None:
    page = to_html(replace(sample, profile="<script>alert(1)</script>\x00"))
    assert "<script" not in page
    assert "\x00" not in page


def test_a_broken_model_has_no_performance_figure(make_record: Make) -> None:
    record = make_record(models=("direct",))
    lag = record.models[0].lags[0]
    lags = (replace(lag, p50_s=1234.5, p95_s=1234.5, p99_s=1234.5),)
    systems = tuple(replace(part, per_lifecycle=77.77) for part in record.models[0].systems)
    record = replace(
        record, models=(replace(record.models[0], lags=lags, systems=systems, converge_seconds=777.0),)
    )
    out = Console(file=StringIO(), width=140)
    out.print(compare_table(record))
    assert isinstance(out.file, StringIO)
    for text in (to_html(record), to_markdown(record), out.file.getvalue()):
        for figure in ("20.6 min", "77.77", "388.8", "13 min"):
            assert figure not in text
        assert "I-02" in text


def test_partial_and_empty_records_have_a_page(stopped: Record, make_record: Make) -> None:
    assert "Stopped by Ctrl-C" in to_html(stopped)
    empty = make_record((), ())
    assert "No model was finished" in to_html(empty)
    assert "No model was finished" in to_markdown(empty)
    ET.fromstring(to_junit(empty))


@pytest.mark.parametrize("models", [(), ("direct",), ("hybrid", "direct", "batch")])
def test_pictures_are_well_formed(make_record: Make, models: tuple[str, ...]) -> None:
    record = make_record((7, 8), models)
    rows = totals(record)
    strips = open_strips(tuple(run for run in record.models if run.seed == 7))
    drawn = (
        law_matrix(rows), call_bars(rows), converge_bars(rows), money_bars(rows, "EUR"),
        lag_bars(rows, "event_to_erp"), lag_bars(rows, "no_such_flow"), strips,
    )  # fmt: skip
    for picture in drawn:
        root = ET.fromstring(picture)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root[0].tag.endswith("title")
        assert root[1].tag.endswith("desc")


def test_the_matrix_has_a_symbol_in_every_cell(sample: Record) -> None:
    texts = [
        node.text or ""
        for node in ET.fromstring(law_matrix(totals(sample))).iter()
        if node.tag.endswith("text")
    ]
    symbols = [said[0] for said in texts if said[:1] in "✓✗?○" and said]
    assert len(symbols) == 18 * 5
    assert (symbols.count("✗"), symbols.count("?"), symbols.count("○")) == (6, 1, 5)


def test_junit_counts(sample: Record) -> None:
    root = ET.fromstring(to_junit(sample))
    assert [suite.get("name") for suite in root] == [run.model for run in sample.models]
    assert (root.get("tests"), root.get("failures"), root.get("skipped"), root.get("errors")) == (
        "90",
        "6",
        "1",
        "0",
    )
    assert len(list(root.iter("testcase"))) == 90
    failures = list(root.iter("failure"))
    assert len(failures) == 6
    assert all(
        "replay: tieout replay" in (one.text or "") and "FAULT" in (one.text or "") for one in failures
    )


def test_junit_of_a_stopped_run_does_not_pass(stopped: Record) -> None:
    root = ET.fromstring(to_junit(stopped))
    assert root.get("errors") == "1"
    assert [one.get("message") for one in root.iter("error")] == ["Stopped by Ctrl-C after 2 of 5 models."]


def test_junit_survives_control_characters(sample: Record) -> None:
    run = replace(sample.models[0], model="dir\x01ect\ufffe")
    ET.fromstring(to_junit(replace(sample, models=(run,))))


def test_markdown_is_as_it_was(make_record: Make) -> None:
    assert to_markdown(make_record(models=("event_driven", "batch", "hybrid"))) == GOLDEN.read_text("utf-8")


def test_markdown_fences_hold(sample: Record) -> None:
    run = sample.models[2]
    law = next(law for law in run.laws if law.state == "broken")
    witness = replace(law.witnesses[0], says="a ``` and ```` b")
    changed = replace(run, laws=(replace(law, witnesses=(witness,)),))
    assert "\n`````text\n" in to_markdown(replace(sample, models=(changed,)))


@pytest.mark.parametrize("width", [80, 140])
def test_the_terminal_table_fits(sample: Record, width: int) -> None:
    out = StringIO()
    Console(file=out, width=width).print(compare_table(sample))
    text = out.getvalue()
    tables = text.split("Choose Hybrid.")[0]
    assert "…" not in tables
    assert max(len(line) for line in text.splitlines()) <= width
    for said in ("orchestrated", "EUR 4,752.00", "✗ I-02 +4", "Choose Hybrid.", "2.1 min", "NetSuite"):
        assert said in text
