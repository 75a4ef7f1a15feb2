"""JUnit XML for CI: a suite a model, a case a law; broken is a failure, undecided is skipped."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from reports.charts.svg import clean
from reports.compare import models_of, runs_of
from reports.findings import witness_text
from reports.record import LawResult, ModelResult, Record


def to_junit(record: Record) -> str:
    """The XML text; a required run that is missing is an error, so that a stopped run never passes."""
    root = ET.Element("testsuites", name="tieout compare")
    for model in dict.fromkeys((*models_of(record), *record.required_models)):
        root.append(_suite(record, model))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", f"{record.ended_unix_s - record.started_unix_s:.3f}")
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(record: Record, model: str) -> ET.Element:
    runs = runs_of(record, model)
    suite = ET.Element("testsuite", name=clean(model))
    _properties(suite, record, runs)
    cases = [_case(run, law, len(record.seeds) > 1) for run in runs for law in run.laws]
    if model in record.required_models:
        done = {run.seed for run in runs}
        cases += [_missing(record, model, seed) for seed in record.seeds if seed not in done]
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(1 for case in cases if case.find(tag) is not None)))
    suite.set("time", f"{sum(run.cpu_seconds for run in runs):.3f}")
    return suite


def _properties(suite: ET.Element, record: Record, runs: tuple[ModelResult, ...]) -> None:
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="token", value=clean(record.token))
    for run in runs:
        ET.SubElement(properties, "property", name=f"replay seed {run.seed}", value=clean(run.replay))
    if record.partial:
        ET.SubElement(properties, "property", name="partial", value=clean(record.partial_reason) or "stopped")


def _case(run: ModelResult, law: LawResult, several: bool) -> ET.Element:
    name = f"{law.id} {law.title}" + (f" [seed {run.seed}]" if several else "")
    case = ET.Element("testcase", classname=clean(f"tieout.{run.model}"), name=clean(name))
    if law.state == "broken":
        says = law.witnesses[0].says if law.witnesses else law.note or "broken, no witness recorded"
        failure = ET.SubElement(case, "failure", type=law.id, message=clean(says))
        texts = [witness_text(witness) for witness in law.witnesses] or ["replay: " + run.replay]
        failure.text = clean("\n\n".join(texts))
    elif law.state == "undecided":
        ET.SubElement(case, "skipped", message=clean(law.note or "undecided"))
    return case


def _missing(record: Record, model: str, seed: int) -> ET.Element:
    case = ET.Element("testcase", classname=clean(f"tieout.{model}"), name=f"run [seed {seed}]")
    says = record.partial_reason or "this required run is not in the record"
    ET.SubElement(case, "error", type="not run", message=clean(says))
    return case
