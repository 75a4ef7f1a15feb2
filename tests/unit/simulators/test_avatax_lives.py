"""Whatever is asked of documents in whatever order: only what the table of lives allows happens."""

from __future__ import annotations

import pickle

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from .avatax_client import Client, sale

CODES = st.sampled_from(["A", "B"])
KINDS = st.sampled_from(["SalesInvoice", "PurchaseInvoice"])
FLAGS = st.booleans()
OPEN = ("Saved", "Posted")


class Known:
    """What a careful caller would expect of one document."""

    def __init__(self, status: str, version: int = 1) -> None:
        self.status, self.version, self.locked, self.before, self.lines = status, version, False, "", 1


class Documents(RuleBasedStateMachine):
    """The mock against a caller's own books."""

    @initialize()
    def begin(self) -> None:
        self.client = Client()
        self.known: dict[tuple[str, str], Known] = {}
        self.refunds = 0

    def act(self, key: tuple[str, str], verb: str, body: object = None):
        return self.client.act(verb, body, key[0], f"documentType={key[1]}")

    def expect(self, answer, allowed: bool, known: Known | None) -> bool:
        if known is None:
            assert answer.status == 404
            return False
        assert (answer.status in (200, 201)) is allowed, answer.json
        if not allowed:
            assert answer.status == 400
        return allowed

    @rule(code=CODES, kind=KINDS, commit=FLAGS)
    def create(self, code: str, kind: str, commit: bool) -> None:
        known = self.known.get((code, kind))
        answer = self.client.create(code, type=kind, commit=commit)
        assert (answer.status == 201) is (known is None or known.status in OPEN)
        if answer.status == 201:
            version = known.version if known else 1
            self.known[code, kind] = Known("Committed" if commit else "Saved", version)

    @rule(code=CODES, kind=KINDS, commit=FLAGS)
    def create_or_adjust(self, code: str, kind: str, commit: bool) -> None:
        known = self.known.get((code, kind))
        body = {"createTransactionModel": sale(code, type=kind, commit=commit)}
        answer = self.client.post("/api/v2/transactions/createoradjust", body)
        allowed = known is None or known.status in OPEN or (known.status == "Committed" and not known.locked)
        assert (answer.status == 200) is allowed
        if allowed:
            version = 1 if known is None else known.version + (known.status == "Committed")
            self.known[code, kind] = Known("Committed" if commit else "Saved", version)

    @rule(code=CODES, kind=KINDS, commit=FLAGS)
    def adjust(self, code: str, kind: str, commit: bool) -> None:
        known = self.known.get((code, kind))
        body = {"adjustmentReason": "Other", "newTransaction": sale(code, type=kind, commit=commit)}
        allowed = known is not None and not known.locked and known.status in (*OPEN, "Committed")
        if self.expect(self.act((code, kind), "adjust", body), allowed, known) and known:
            self.known[code, kind] = Known("Committed" if commit else "Saved", known.version + 1)

    @rule(code=CODES, kind=KINDS)
    def commit(self, code: str, kind: str) -> None:
        known = self.known.get((code, kind))
        answer = self.act((code, kind), "commit", {"commit": True})
        if self.expect(answer, known is not None and known.status in OPEN, known) and known:
            known.status = "Committed"

    @rule(code=CODES, kind=KINDS)
    def uncommit(self, code: str, kind: str) -> None:
        known = self.known.get((code, kind))
        allowed = known is not None and known.status == "Committed" and not known.locked
        if self.expect(self.act((code, kind), "uncommit"), allowed, known) and known:
            known.status = "Saved"

    @rule(code=CODES, kind=KINDS)
    def verify(self, code: str, kind: str) -> None:
        known = self.known.get((code, kind))
        answer = self.act((code, kind), "verify", {"verifyTransactionDate": "2026-01-10"})
        if self.expect(answer, known is not None and known.status in OPEN, known) and known:
            known.status = "Posted"

    @rule(code=CODES, kind=KINDS)
    def void(self, code: str, kind: str) -> None:
        known = self.known.get((code, kind))
        allowed = known is not None and known.status != "Cancelled" and not known.locked
        if self.expect(self.act((code, kind), "void", {"code": "DocVoided"}), allowed, known) and known:
            known.before, known.status = known.status, "Cancelled"

    @rule(code=CODES, kind=KINDS)
    def unvoid(self, code: str, kind: str) -> None:
        known = self.known.get((code, kind))
        answer = self.act((code, kind), "unvoid")
        if self.expect(answer, known is not None and known.status == "Cancelled", known) and known:
            known.status = known.before

    @rule(code=CODES, kind=KINDS, locked=FLAGS)
    def lock(self, code: str, kind: str, locked: bool) -> None:
        known = self.known.get((code, kind))
        answer = self.act((code, kind), "lock", {"isLocked": locked})
        if self.expect(answer, known is not None and known.status == "Committed", known) and known:
            known.locked = locked

    @rule(code=CODES, kind=KINDS, new=CODES)
    def change_code(self, code: str, kind: str, new: str) -> None:
        known = self.known.get((code, kind))
        answer = self.act((code, kind), "changecode", {"newCode": new})
        allowed = known is not None and known.status in OPEN and (new, kind) not in self.known
        if self.expect(answer, allowed, known) and known:
            self.known[new, kind] = self.known.pop((code, kind))

    @rule(code=CODES, kind=KINDS)
    def add_a_line(self, code: str, kind: str) -> None:
        known = self.known.get((code, kind))
        body = {
            "companyCode": "DEFAULT", "transactionCode": code, "documentType": kind,
            "lines": [{"amount": 1}],
        }  # fmt: skip
        answer = self.client.post("/api/v2/companies/transactions/lines/add", body)
        allowed = known is not None and known.status != "Cancelled" and not known.locked
        if self.expect(answer, allowed, known) and known:
            known.lines += 1
            known.version += known.status == "Committed"
            # What was verified has changed, and is to be verified again.
            known.status = "Saved" if known.status == "Posted" else known.status

    @rule(code=CODES)
    def refund(self, code: str) -> None:
        known = self.known.get((code, "SalesInvoice"))
        answer = self.act((code, "SalesInvoice"), "refund", {"refundDate": "2026-01-12"})
        if self.expect(answer, known is not None and known.status == "Committed", known):
            self.refunds += 1
            document = self.client.document(code).json
            assert answer.json["totalTax"] == -document["totalTax"]

    @rule()
    def go_through_a_snapshot(self) -> None:
        clock, mock = self.client.clock, self.client.mock
        mock.rules = pickle.loads(pickle.dumps(mock.rules))
        assert mock.rules.clock.now() == clock.now()

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "client"):
            return
        for (code, kind), known in self.known.items():
            seen = self.client.document(code, f"documentType={kind}").json
            assert (seen["status"], seen["version"], seen["locked"]) == (
                known.status, known.version, known.locked,
            )  # fmt: skip
            assert len(seen["lines"]) == known.lines
            assert seen["totalTax"] == sum(line["tax"] for line in seen["lines"])
        books = self.client.rules.books()["documents"]
        returns = [row for row in books if row["kind"] == "ReturnInvoice"]
        assert (len(books) - len(returns), len(returns)) == (len(self.known), self.refunds)


TestDocuments = Documents.TestCase
TestDocuments.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
