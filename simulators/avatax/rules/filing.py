"""One document's life: recorded, verified, committed, locked, voided; each change noted as it is made."""

from __future__ import annotations

from simulators.avatax.rules.documents import (
    ADJUSTED,
    CANCELLED,
    COMMITTED,
    MAY,
    POSTED,
    SAVED,
    Document,
    Register,
)
from simulators.avatax.rules.refusal import TaxRefusal, doc_status, locked, wrong_status
from simulators.avatax.rules.sales import Sale
from simulators.avatax.rules.taxation import TaxedLine
from simulators.kit.clock import Clock
from simulators.kit.history import History
from simulators.kit.ids import Ids
from simulators.kit.lifecycle import move
from simulators.kit.money import major

_FIRST_DOCUMENT = 85_000_000


class Filing:
    """The documents of the account and what may be done with one of them."""

    def __init__(self, clock: Clock, ids: Ids, history: History) -> None:
        self._clock, self._ids, self._history = clock, ids, history
        self.register = Register()

    def record(
        self,
        company_id: int,
        sale: Sale,
        lines: tuple[TaxedLine, ...],
        *,
        replacing: Document | None = None,
        adjusting: Document | None = None,
        adjustment: tuple[str, str] = ("NotAdjusted", ""),
        refs: tuple[str, ...] = (),
    ) -> Document:
        """Keep a first revision, or one in the place of `replacing`, or the one after `adjusting`."""
        now = self._clock.now()
        former = replacing or adjusting
        document = Document(
            # A replacement keeps its number (unconfirmed); an adjustment has its own, and both can be read.
            replacing.id if replacing else _FIRST_DOCUMENT + self._ids.count("transaction"),
            sale.code or self.new_code(),
            company_id,
            COMMITTED if sale.commit else SAVED,
            sale,
            lines,
            former.created_at if former else now,
            now,
            former.version + (adjusting is not None) if former else 1,
            adjustment_reason=adjustment[0],
            adjustment_description=adjustment[1],
        )
        self.register.add(document)
        event = "replaced" if replacing else "revised" if adjusting else "created"
        return self._noted(document, event, *refs)

    def new_code(self) -> str:
        """A code for a document that came without one."""
        digits = self._ids.hex("code", 32)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def commit(self, document: Document) -> Document:
        """Make it final."""
        if document.status not in (SAVED, POSTED):
            # Unconfirmed: the number the vendor gives a second commit; its engine's text is this one.
            raise doc_status("Saved|Posted")
        return self._move(document, COMMITTED, "committed")

    def uncommit(self, document: Document) -> Document:
        """Make it changeable again (unconfirmed: that it becomes Saved)."""
        require_unlocked(document)
        if document.status != COMMITTED:
            raise wrong_status(document.code, document.status)
        return self._move(document, SAVED, "uncommitted")

    def void(self, document: Document) -> Document:
        """Cancel it; the code stays taken."""
        require_unlocked(document)
        if document.status == CANCELLED:
            raise TaxRefusal(
                "TransactionAlreadyCancelled",
                "The transaction has already been cancelled.",
                f"The transaction '{document.code}' is already in a 'Cancelled' status.",
            )
        document.status_before_void = document.status
        return self._move(document, CANCELLED, "voided")

    def unvoid(self, document: Document) -> Document:
        """Back to what it was before it was voided (unconfirmed: to which status)."""
        if document.status != CANCELLED:
            # The number is the vendor's; it documents another use of it, too (unconfirmed here).
            raise TaxRefusal(
                "TransactionNotCancelled",
                "The transaction is not cancelled.",
                f"The transaction '{document.code}' has a status of '{document.status}'.",
                "DocStatus",
            )
        return self._move(document, document.status_before_void, "unvoided")

    def verify(self, document: Document, date: str, total: int | None, tax: int | None) -> Document:
        """Compare with the caller's figures; a document that agrees is Posted."""
        if document.status not in (SAVED, POSTED):
            raise TaxRefusal(
                "InvalidDocumentStatusForVerify",
                f"Documents cannot be verified when in the status '{document.status}'.",
                "To verify a transaction, the document must be in 'Saved' or 'Posted' status.",
            )
        currency = document.sale.currency
        if date and date != document.sale.date:
            raise _mismatch("DateMismatch", "date", date, document.sale.date)
        if total is not None and total != document.total:
            given, own = major(total, currency), major(document.total, currency)
            raise _mismatch("TotalAmountMismatch", "totalAmount", given, own)
        if tax is not None and tax != document.tax:
            given, own = major(tax, currency), major(document.tax, currency)
            raise _mismatch("TotalTaxMismatch", "totalTax", given, own)
        return self._move(document, POSTED, "posted") if document.status == SAVED else document

    def change_code(self, document: Document, code: str) -> Document:
        """Give an uncommitted document another code."""
        require_unlocked(document)
        if document.status == COMMITTED:
            raise TaxRefusal(
                "TransactionIsCommitted",
                "Committed transactions cannot be modified by this API.",
                "Committed transactions may be modified by calling AdjustTransaction or VoidTransaction.",
            )
        if document.status not in (SAVED, POSTED):
            raise wrong_status(document.code, document.status)
        if self.register.current(document.company_id, code, document.kind) is not None:
            # Unconfirmed: which number the vendor gives this.
            raise TaxRefusal(
                "TransactionAlreadyExists",
                "A transaction with this code and type already exists.",
                "To create a new transaction, please choose a new 'code'.",
                "newCode",
            )
        old = document.code
        self._history.note("tax_document", f"{old}/{document.kind}", "code_changed", "", refs=(old, code))
        self.register.rename(document, code)
        return self._noted(document, "code_changed", old)

    def set_lock(self, document: Document, *, is_locked: bool) -> Document:
        """Play the authority's part: a reported document can no longer be changed."""
        if document.status != COMMITTED:
            raise TaxRefusal(
                "DocumentNotCommitted",
                "Only committed documents can be locked.",
                f"Document {document.code} was in status {document.status} and cannot be locked.",
                "DocStatus",
            )
        document.locked = is_locked
        return self._noted(document, "locked" if is_locked else "unlocked")

    def mark_adjusted(self, document: Document) -> None:
        """A newer revision has taken its place."""
        self._move(document, ADJUSTED, "adjusted")

    def _move(self, document: Document, status: str, event: str) -> Document:
        document.status = move("document", MAY, document.status, status)
        return self._noted(document, event)

    def _noted(self, document: Document, event: str, *refs: str) -> Document:
        document.modified_at = self._clock.now()
        sale = document.sale
        named = (document.code, sale.customer_code, sale.purchase_order_no, sale.reference_code, *refs)
        self._history.note(
            "tax_document",
            f"{document.code}/{sale.kind}",
            event,
            document.status,
            refs=tuple(ref for ref in named if ref),
            amount=document.total + document.tax,
            currency=sale.currency,
        )
        return document


def _mismatch(code: str, field: str, given: object, own: object) -> TaxRefusal:
    words = {"date": "date", "totalAmount": "total amount", "totalTax": "total tax"}[field]
    return TaxRefusal(
        code,
        f"Mismatched {words} value.",
        f"The {field} value in your Verify call [{given}] does not match the transaction's {field} value "
        f"[{own}].",
        field,
    )


def require_unlocked(document: Document) -> None:
    """CannotModifyLockedTransaction if an authority has it already."""
    if document.locked:
        raise locked(document.code)
