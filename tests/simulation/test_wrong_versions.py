"""Wrong versions of mappings are refused by their file or by a story; the whole: `tieout mappings prove`."""

from __future__ import annotations

import pytest

from core.mappings.document import BadMapping, read_document
from core.mappings.shapes import SHAPES
from core.mappings.shipped import SHIPPED
from scenarios import cli, regression
from scenarios.commands import wishes
from scenarios.regression import STORIES_OF, stories_of
from scenarios.wrong_versions.alike import ALIKE
from scenarios.wrong_versions.making import wrong_versions
from scenarios.wrong_versions.trying import FILE, NOBODY, Verdict, tried

ROWS = "one_customer_for_every_row"
# One of each mapping, of those that no story found before ROWS was written or that look least like a mistake.
SAMPLE = {
    "order_kinds": "type 'Cancellation' says 'suspension'",
    "billing_frequencies": "frequency 'Semiannual' says '3'",
    "billing_periods": "months '6' says 'Quarter'",
    "crm_products": "product '*' says 'TEAM'",
    "crm_payment_terms": "terms '*' says 'card'",
    "billing_payment_terms": "pays_by 'invoice' says 'Net 60'",
    "crm_statuses": "about 'invoice', status 'Refunded' says 'Open'",
    "tax_codes": "product '*', country 'DE' singled out: 'SW052001'",
    "erp_items": "reason 'sale', product '*' says 'TEAM'",
    "erp_customer": "field 'email' removed",
    "payment_methods": "currency '*' says 'card,sepa_debit'",
}


def made(name: str, says: str):
    return next(each for each in wrong_versions(SHIPPED[name]) if each.says == says)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_wrong_version_is_refused_by_a_story(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ROWS in stories_of(SHIPPED[name].flows)
    monkeypatch.setattr(regression, "STORIES_OF", dict.fromkeys(STORIES_OF, (ROWS,)))
    # As the command tries it where no model is named, and as `tieout promote` does.
    verdict = tried(made(name, SAMPLE[name]), wishes.tried_under("", None))
    assert verdict.by == ROWS, str(verdict)


def test_every_mapping_is_tried() -> None:
    assert set(SAMPLE) == set(SHAPES)


@pytest.mark.parametrize("name", SHAPES)
def test_wrong_versions_are_files_whose_own_tests_agree_with_the_mistake(name: str) -> None:
    found = wrong_versions(SHIPPED[name])
    assert len({each.says for each in found}) == len({each.content for each in found}) == len(found) > 5
    rows = SHIPPED[name].table.rows
    read = 0
    for each in found:
        try:
            document = read_document(each.content, "file")
        except BadMapping:
            continue
        read += 1
        assert document.table.rows != rows
        assert document.failing() == ()
    assert read > 4
    # Each row is removed, and each row says something else.
    whole = [each.says for each in found]
    assert sum(each.endswith(" removed") for each in whole) == len(rows)


def test_what_is_as_good_is_a_version_that_is_made() -> None:
    assert all(made(name, says) for name, says in ALIKE)


def test_nobody_is_told_and_is_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def verdicts(wrongs, models, jobs):
        return (Verdict(each, NOBODY if at == 3 else FILE, "") for at, each in enumerate(wrongs))

    monkeypatch.setattr("scenarios.commands.proving.tried_all", verdicts)
    assert cli.main(["mappings", "prove", "tax_codes"]) == 1
    said = capsys.readouterr().out
    count = len(wrong_versions(SHIPPED["tax_codes"]))
    counts = f"{count - 1} by the file, 0 by a story, 0 as good, 1 by nobody"
    assert f"tax_codes               {count} wrong versions are refused: {counts}" in said
    assert "NOBODY refuses it" in said
    assert cli.main(["mappings", "prove", "taxes"]) == 3
    assert "mapping: 'taxes' is unknown" in capsys.readouterr().err
