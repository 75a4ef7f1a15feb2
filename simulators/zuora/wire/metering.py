"""Usage records on the wire: CRUD in capitals, v1 lists, and the columns of an import file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.metering import Import, Reading
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused
from simulators.zuora.rules.usage import UsageWish
from simulators.zuora.wire.catalog import moment
from simulators.zuora.wire.shape import Number, Shape, words

ROWS_MAX = 50_000


def _day(text: str, name: str) -> date:
    """The calendar day of a moment, in its own offset."""
    try:
        return datetime.fromisoformat(text.strip().replace("Z", "+00:00")).date()
    except ValueError:
        raise Refused(INVALID, f"'{text}' is not a valid {name}.", name) from None


class NewUsage(Shape):
    """POST /v1/object/usage."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words("UniqueKey")

    AccountId: str | None = None
    AccountNumber: str | None = None
    SubscriptionId: str | None = None
    SubscriptionNumber: str | None = None
    ChargeId: str | None = None
    ChargeNumber: str | None = None
    StartDateTime: str
    EndDateTime: str | None = None
    UOM: Annotated[str, Field(min_length=1)]
    Quantity: Number
    Description: Annotated[str, Field(max_length=200)] | None = None

    def wish(self) -> UsageWish:
        """What the rules make of it."""
        if self.EndDateTime and _day(self.EndDateTime, "EndDateTime") < _day(
            self.StartDateTime, "StartDateTime"
        ):
            raise Refused(INVALID, "EndDateTime must not be before StartDateTime.", "EndDateTime")
        return UsageWish(
            account=self.AccountId or self.AccountNumber or "",
            unit=self.UOM,
            quantity=self.Quantity,
            on=_day(self.StartDateTime, "StartDateTime"),
            begins=self.StartDateTime,
            ends=self.EndDateTime,
            subscription=self.SubscriptionId or self.SubscriptionNumber or "",
            charge=self.ChargeId or self.ChargeNumber or "",
            description=self.Description,
            custom=self.custom_fields(),
        )


class UsageChange(Shape):
    """PUT /v1/object/usage/{id}."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words("RbeStatus Description")

    StartDateTime: str | None = None
    EndDateTime: str | None = None
    UOM: str | None = None
    Quantity: Number | None = None

    def given(self) -> dict[str, object]:
        """What was given, by the attributes of the rules."""
        found: dict[str, object] = {}
        if self.StartDateTime is not None:
            found |= {"begins": self.StartDateTime, "on": _day(self.StartDateTime, "StartDateTime")}
        if self.EndDateTime is not None:
            found["ends"] = self.EndDateTime
        if self.UOM is not None:
            found["unit"] = self.UOM
        if self.Quantity is not None:
            found["quantity"] = self.Quantity
        return found


def crud(r: Reading) -> dict[str, Any]:
    """GET /v1/object/usage/{id}; fields without a value are left out."""
    shown = {
        "Id": r.id,
        "AccountId": r.account.id,
        "AccountNumber": r.account.number,
        "SubscriptionNumber": r.subscription or None,
        "ChargeNumber": r.charge or None,
        "StartDateTime": r.begins,
        "EndDateTime": r.ends,
        "UOM": r.unit,
        "Quantity": r.quantity,
        "SourceType": r.source,
        "RbeStatus": r.status,
        "Description": r.description,
        "SubmissionDateTime": moment(r.created_at),
        "CreatedDate": moment(r.created_at),
        "UpdatedDate": moment(r.updated_at),
        **r.custom,
    }
    return {name: value for name, value in shown.items() if value is not None}


def imported(i: Import) -> dict[str, Any]:
    """GET /v1/object/import/{id}; fields without a value are left out."""
    done = i.status == "Completed"
    shown = {
        "Id": i.id,
        "ImportType": "Usage",
        "Name": i.name,
        "Status": i.status,
        "StatusReason": i.reason or None,
        "TotalCount": i.rows,
        "ImportedCount": i.rows if done else 0,
        "CreatedDate": moment(i.at),
        "UpdatedDate": moment(i.at),
    }
    return {name: value for name, value in shown.items() if value is not None}


def item(r: Reading) -> dict[str, Any]:
    """An entry of GET /v1/usage/accounts/{key}."""
    return {
        "id": r.id,
        "accountId": r.account.id,
        "accountNumber": r.account.number,
        "accountName": r.account.name,
        "subscriptionNumber": r.subscription or None,
        "chargeNumber": r.charge or None,
        "startDateTime": r.begins.replace("T", " ")[:19],
        "sourceName": r.source,
        "fileName": r.upload or None,
        "unitOfMeasure": r.unit,
        "quantity": r.quantity,
        "status": r.status,
        "submissionDateTime": stamp(r.created_at),
    }


def columns(data: bytes, name: str) -> list[UsageWish]:
    """The rows of an import file (CSV: ACCOUNT_ID, UOM, QTY, STARTDATE, …); Refused where one is wrong."""
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        raise Refused(INVALID, "The file is not a CSV file.", "file") from None
    if not rows:
        raise Refused(MISSING, "The file has no usage records.", "file")
    if len(rows) > ROWS_MAX:
        raise Refused(INVALID, f"A file has at most {ROWS_MAX} usage records.", "file")
    return [
        _row(
            {(k or "").strip().upper(): (v or "").strip() for k, v in row.items() if isinstance(v, str)},
            n,
            name,
        )
        for n, row in enumerate(rows, 2)
    ]


def _row(row: dict[str, str], number: int, upload: str) -> UsageWish:
    for column in ("ACCOUNT_ID", "UOM", "QTY", "STARTDATE"):
        if not row.get(column):
            raise Refused(MISSING, f"Line {number}: {column} is required.", column)
    try:
        quantity = Decimal(row["QTY"])
    except InvalidOperation:
        raise Refused(INVALID, f"Line {number}: '{row['QTY']}' is not a quantity.", "QTY") from None
    start = _american(row["STARTDATE"], number)
    end = _american(row["ENDDATE"], number).isoformat() if row.get("ENDDATE") else None
    return UsageWish(
        account=row["ACCOUNT_ID"],
        unit=row["UOM"],
        quantity=quantity,
        on=start,
        begins=f"{start.isoformat()}T00:00:00",
        ends=end,
        subscription=row.get("SUBSCRIPTION_ID", ""),
        charge=row.get("CHARGE_ID", ""),
        description=row.get("DESCRIPTION") or None,
        source="Import",
        upload=upload,
    )


def _american(text: str, number: int) -> date:
    """MM/DD/YYYY, as the import template has it, or an ISO date."""
    for pattern in ("%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"):
        try:
            return datetime.strptime(text[:10], pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise Refused(INVALID, f"Line {number}: '{text}' is not a date.", "STARTDATE")
