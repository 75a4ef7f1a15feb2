"""Cases of the topic fx: gains and losses realised and unrealised, advances, revaluation runs, crosses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from core.finance.exact import exactly
from core.finance.ledger.exchange import Owned, Position, left_standing, realised, revaluations
from core.finance.ledger.policy import Revaluation
from core.finance.ledger.rates import home_value
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.fx_reading import (
    BOOKED,
    CLOSING,
    LATER,
    Reading,
    amount_of,
    is_list_of_rows,
    needed,
    rate_of,
    rows_of,
    supplier_keys,
)

Figures = dict[str, Any]
_ADVANCE = re.compile(r"(?P<what>[a-z]+)_(?P<fx>\d+(?:\.\d+)?)_at")
_CURRENCY_SUFFIX = re.compile(r"_[a-z]{3}$")


def answer(case: Case) -> Any:
    """Every figure that the inputs' vocabulary yields; NotOffered names a wanted one that it does not."""
    reading = Reading(case)
    found: Figures = {}
    for read in _READERS:
        found.update(read(case.inputs, reading))
    wanted = case.wanted if isinstance(case.wanted, Mapping) else {}
    missing = []
    for key in wanted:
        if key not in found:
            # The home currency is in the name of the figure: receivable_usd.
            plain = _CURRENCY_SUFFIX.sub("", key)
            if plain in found:
                found[key] = found[plain]
            else:
                missing.append(key)
    if missing:
        raise NotOffered(f"{missing[0]}: inputs {sorted(case.inputs)} do not yield it here")
    return found


# --- an invoice, then payments, refunds or disputes of it at other rates ---

_GIVEN_BACK = {"refunded_at": "refund", "disputed_at": "dispute", "refund_rate": "refund"}


def _invoice(inputs: Mapping[str, Any], reading: Reading) -> Figures:
    fx, booked_at = amount_of(inputs), rate_of(inputs, BOOKED)
    if fx is None or booked_at is None:
        return {}
    receivable = home_value(fx, booked_at, reading.quotation)
    # Of a bill it is what is owed, and no revenue.
    names = ("payable", "expense") if reading.owned is Owned.LIABILITY else ("receivable", "revenue")
    found: Figures = dict.fromkeys(names, reading.figure(receivable))
    variants = [row for value in inputs.values() if is_list_of_rows(value) for row in value]
    story = [{key: inputs[key] for key in (*LATER, *_GIVEN_BACK, *CLOSING) if key in inputs}]
    told = [_settled(row, fx, booked_at, reading) for row in (variants or story)]
    for number, figures in enumerate(told, 1):
        found[f"variant_{number}"] = figures
        for key, value in figures.items():
            found.setdefault(key, value)
        # A payment at the booked rate moves nothing: "paid" tells of the one that does.
        if "paid" in figures and figures["paid"]["fx_gain"] and not found["paid"]["fx_gain"]:
            found["paid"] = figures["paid"]
    found["variants"] = told
    if len(told) == 1 and "paid" in told[0]:
        found |= told[0]["paid"] | {"realised": told[0]["paid"]["fx_gain"]}
    days = inputs.get("month_days")
    if isinstance(days, list) and days and "revenue" in found:
        found["revenue"] = _by_days(receivable, [exactly(each, "month_days") for each in days], reading)
    return found


def _by_days(amount: Fraction, days: list[Fraction], reading: Reading) -> list[Fraction]:
    """At the rate of the invoice whatever it is later; the last month takes what rounding leaves."""
    parts = [reading.figure(amount * each / sum(days)) for each in days[:-1]]
    return [*parts, reading.figure(amount) - sum(parts, Fraction(0))]


def _settled(row: Mapping[str, Any], fx: Fraction, booked_at: Fraction, reading: Reading) -> Figures:
    part = amount_of(row) or fx
    figures: Figures = {}
    paid_at = rate_of(row, LATER)
    if paid_at is not None:
        figures["paid"] = _cash("cash", part, booked_at, paid_at, reading.owned, reading)
    for name, what in _GIVEN_BACK.items():
        if name in row:
            back_at = exactly(row[name], name, "treasury")
            # What is given back was booked as a liability at the rate of the revenue it takes back.
            figures[what] = _cash("cash_out", part, booked_at, back_at, Owned.LIABILITY, reading)
    closing = rate_of(row, CLOSING)
    if closing is not None:
        figures["unrealised"] = reading.figure(reading.gain(part, booked_at, closing))
    return figures


def _cash(
    name: str, fx: Fraction, booked_at: Fraction, at: Fraction, owned: Owned, reading: Reading
) -> Figures:
    gain = realised(fx, booked_at, at, reading.quotation, owned)
    return {
        name: reading.figure(home_value(fx, at, reading.quotation)),
        "fx_gain": reading.figure(gain),
        "fx_loss": reading.figure(-gain),
        "fx_gain_loss": reading.figure(gain),
    }


# --- rows of amount, rate then, rate now ---


def _conversions(inputs: Mapping[str, Any], reading: Reading) -> Figures:
    found: Figures = {}
    for key, value in inputs.items():
        if not is_list_of_rows(value) or key == "positions":
            continue
        # One rate for all of them may stand above.
        now = {name: inputs[name] for name in (*LATER, *CLOSING) if name in inputs}
        later = next(iter(now.values()), None)
        rows = [
            row if rate_of(row, LATER) else {"to": rate_of(row, CLOSING) or later, **row} for row in value
        ]
        if not all(row.get("to", "") is not None and rate_of(row, LATER) and amount_of(row) for row in rows):
            continue
        if any(rate_of(row, BOOKED) is None for row in rows):
            continue
        gains = [reading.figure(_moved(row, reading)) for row in rows]
        total = sum(gains, Fraction(0))
        found |= dict.fromkeys(("results", "gain_loss", "gains", "realised", f"{key}_gain_loss"), gains)
        if any(rate_of(row, CLOSING) is not None for row in value):
            found |= dict.fromkeys(("unrealised", "unrealised_gain_loss", "unrealised_gains"), gains)
        found |= {"total": total, "net": total}
    return found


def _moved(row: Mapping[str, Any], reading: Reading) -> Fraction:
    fx = amount_of(row)
    said = " ".join(str(row.get(name, "")) for name in ("kind", "type", "side", "document", "what")).lower()
    payable = any(word in said for word in ("payable", "liability", "vendor", "supplier", "voucher"))
    owned = Owned.LIABILITY if payable else reading.owned
    then, now = needed(rate_of(row, BOOKED), "of booking"), needed(rate_of(row, LATER), "of settling")
    return realised(fx or Fraction(0), then, now, reading.quotation, owned)


# --- an invoice and payments against it, in full or in part, and what stays open ---


def _payments(inputs: Mapping[str, Any], reading: Reading) -> Figures:
    found: Figures = {}
    owed = next((key for key in supplier_keys(inputs) if isinstance(inputs[key], Mapping)), "invoice")
    invoice = inputs.get(owed)
    if isinstance(invoice, Mapping):
        fx, booked_at = amount_of(invoice), rate_of(invoice, BOOKED)
        if fx is not None and booked_at is not None:
            found |= _against(inputs, fx, booked_at, reading)
    elif "payments" in inputs and is_list_of_rows(inputs["payments"]):
        fx, booked_at = amount_of(inputs), rate_of(inputs, BOOKED)
        if fx is not None and booked_at is not None:
            found |= _against(inputs, fx, booked_at, reading)
    for key, row in inputs.items():
        if isinstance(row, Mapping) and key != owed:
            found |= _advances(row, reading)
            fx, then, now = amount_of(row), rate_of(row, BOOKED), rate_of(row, (*LATER, *CLOSING))
            if fx is not None and then is not None and now is not None:
                found[f"{key}_gain"] = reading.figure(reading.gain(fx, then, now))
    return found


def _against(inputs: Mapping[str, Any], fx: Fraction, booked_at: Fraction, reading: Reading) -> Figures:
    found: Figures = {"booked": reading.figure(home_value(fx, booked_at, reading.quotation))}
    rates = inputs.get("payments_at", ())
    # Each of these rates is an alternative: all of the invoice, settled at it.
    gains = [reading.gain(fx, booked_at, exactly(rate, "payments_at", "treasury")) for rate in rates]
    left = fx
    for row in rows_of(inputs.get("payments", ())):
        part = amount_of(row) or left
        at = needed(rate_of(row, (*BOOKED, *LATER)), "of the payment")
        gains.append(reading.gain(part, booked_at, at))
        left -= part
    closing = rate_of(inputs, CLOSING)
    found["open"] = found["open_fx"] = reading.figure(left)
    found["open_home"] = found["open_booked"] = reading.figure(home_value(left, booked_at, reading.quotation))
    if closing is not None:
        moved = reading.figure(reading.gain(left, booked_at, closing))
        found["unrealised"] = found["unrealised_gain"] = found["unrealised_gain_loss"] = moved
        found["unrealised_loss"] = -moved
        found["open_at_closing"] = reading.figure(home_value(left, closing, reading.quotation))
    if not gains and (paid_at := rate_of(inputs, LATER)) is not None:
        gains = [reading.gain(fx, booked_at, paid_at)]
    found["gain_loss"] = [reading.figure(gain) for gain in gains]
    if gains:
        found["realised"] = found["total"] = reading.figure(sum(gains, Fraction(0)))
        found["realised_gain"] = found["realised_gain_loss"] = found["realised"]
        found["realised_loss"] = -found["realised"]
    return found


def _advances(row: Mapping[str, Any], reading: Reading) -> Figures:
    """ "advance_1_at": one unit, paid at this rate before (an advance) or after (a payment) the invoice."""
    booked_at = rate_of(row, ("rate", *BOOKED))
    found: Figures = {}
    for key, value in row.items():
        match = _ADVANCE.fullmatch(key)
        if match and booked_at is not None:
            fx, at = exactly(match["fx"], key), exactly(value, key, "treasury")
            found[f"{match['what']}_gain"] = reading.figure(reading.gain(fx, booked_at, at))
    return found


# --- revaluation at one closing after the other ---


def _revaluations(inputs: Mapping[str, Any], reading: Reading) -> Figures:
    positions = [_position(row, reading) for row in rows_of(inputs.get("positions", ()))]
    rates = next((value for key, value in inputs.items() if "rates" in key and isinstance(value, list)), None)
    if rates is None and (closing := rate_of(inputs, CLOSING)) is not None:
        rates = [closing]
    if not positions or rates is None:
        return {}
    exact = [exactly(rate, "rates", "treasury") for rate in rates]
    reversing = revaluations(positions, exact, reading.quotation, Revaluation.REVERSES)
    carrying = revaluations(positions, exact, reading.quotation, Revaluation.CARRIES)
    found: Figures = {
        "booked": reading.figure(sum((p.booked for p in positions), Fraction(0))),
        "trap_without_reversal": reading.figure(left_standing(positions, reversing)),
    }
    for number, (run, carried) in enumerate(zip(reversing, carrying, strict=True), 1):
        found[f"run_{number}"] = {
            "value": reading.figure(run.value),
            "value_with_reversal": reading.figure(run.stands),
            "gain": reading.figure(run.gain),
            "gain_with_reversal": reading.figure(run.gain),
            "loss": reading.figure(-run.gain),
            "loss_with_reversal": reading.figure(-run.gain),
            "gain_carried": reading.figure(carried.gain),
            "value_carried": reading.figure(carried.stands),
            "without_reversal": reading.figure(left_standing(positions, reversing[:number])),
            "value_without_reversal": reading.figure(left_standing(positions, reversing[:number])),
        }
    if len(reversing) == 1:
        found |= {name: found["run_1"][name] for name in ("gain", "loss", "value")}
    return found


def _position(row: Mapping[str, Any], reading: Reading) -> Position:
    fx = amount_of(row)
    if fx is None:
        raise NotOffered(f"positions: {sorted(row)} name no foreign amount that is known here")
    for name in ("booked", "booked_home", "home", "booked_value", "base_balance"):
        if name in row:
            return Position(fx, exactly(row[name], name))
    booked_at = needed(rate_of(row, BOOKED), "at which the position was booked")
    return Position(fx, home_value(fx, booked_at, reading.quotation))


_READERS: tuple[Callable[[Mapping[str, Any], Reading], Figures], ...] = (
    _invoice,
    _conversions,
    _payments,
    _revaluations,
)
