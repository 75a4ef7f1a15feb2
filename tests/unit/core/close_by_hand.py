"""What two books differ by, found by brute force: no engine, no shared joins, one short function a control.

Every function returns {key: left less right} of what does not agree at all: an amount, or nothing where only
a fact differs. Read beside the list of controls; nothing here is imported from the controls.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from math import floor

from core.close.extract import Extract


def differences(extract: Extract) -> dict[str, dict[tuple[str, ...], int | Fraction]]:
    """By control: the keys that do not agree, and by how much the left is more."""
    found = {control: dict(sorted(check(extract).items())) for control, check in CHECKS.items()}
    return {control: apart for control, apart in found.items() if apart}


def _apart(left, right, within=0):
    """Sums by key that differ by more than `within`."""
    return {k: left.get(k, 0) - right.get(k, 0) for k in {*left, *right}
            if abs(left.get(k, 0) - right.get(k, 0)) > within}  # fmt: skip


def _sums(pairs):
    sums = defaultdict(int)
    for key, value in pairs:
        sums[key] += value
    return dict(sums)


def _rows(left, right, same):
    """Lists of (key, value, row): one to one, equal value, and `same(row, row)`."""
    out = {}
    for key in {k for k, _, _ in [*left, *right]}:
        a = [(v, r) for k, v, r in left if k == key]
        b = [(v, r) for k, v, r in right if k == key]
        good = len(a) == 1 and len(b) == 1 and a[0][0] == b[0][0] and same(a[0][1], b[0][1])
        if not good:
            out[key] = sum(v for v, _ in a) - sum(v for v, _ in b)
    return out


def c03(x):
    live = [a for a in x.accounts if a.merged_into == ""]
    left = [((a.key, s), 1, a) for a in live for s in a.systems]
    right = [((c.account, c.system), 1, c) for c in x.customers]
    names = ("currency", "entity", "tax_id", "address")

    def same(a, c):
        return all(not getattr(c, n) or not getattr(a, n) or getattr(a, n) == getattr(c, n) for n in names)

    return _rows(left, right, same)


def c02(x):
    names = ("product", "currency", "months", "start", "end", "sequence")

    def same(q, i):
        return abs(q.price - i.price) <= Fraction(1, 10**6) and all(
            getattr(q, n) == getattr(i, n) for n in names
        )

    return _rows(
        [((q.id,), q.quantity, q) for q in x.quote_lines],
        [((i.quote_line,), i.quantity, i) for i in x.items],
        same,
    )


def c04(x):
    events = {e.id: e for e in x.usage_events}

    def same(e, r):
        return (r.status == "rated" or r.reviewed) and (e.at <= e.received_at or r.reviewed)

    return _rows(
        [((e.id, e.meter, str(e.at.date())), e.quantity, e) for e in events.values()],
        [((r.event, r.meter, str(r.on)), r.quantity, r) for r in x.rated_usage],
        same,
    )


def c06(x):
    out = {}
    for item in {p.item for p in x.service_periods}:
        days = Counter()
        first = min(p.start for p in x.service_periods if p.item == item).toordinal() - 60
        through = x.billed_through.toordinal()
        for day in range(first, through + 400):
            due = day < through and any(
                p.item == item and p.start.toordinal() <= day < (p.end or x.billed_through).toordinal()
                for p in x.service_periods
            )
            paused = [s for s in x.suspensions if s.item == item]
            due = due and not any(s.start.toordinal() <= day < s.end.toordinal() for s in paused)
            billed = sum(
                1
                for d in x.documents
                if d.status == "posted" and d.kind == "invoice"
                for line in d.lines
                if line.item == item and line.kind == "recurring"
                and line.start.toordinal() <= day < line.end.toordinal()
            )  # fmt: skip
            if due != billed:
                days[day] = due - billed
        # Runs of days that are off by the same make one exception; where they lie is told by their first.
        for day, off in days.items():
            if days.get(day - 1) != off:
                last = day
                while days.get(last) == off:
                    last += 1
                out[(item, day)] = off * (last - day)
    return out


def c07(x):
    out = {}
    for d in x.documents:
        if d.status != "posted" or not d.lines:
            continue
        off = d.discount.minor if d.discount else 0
        borne = sum(line.discount.minor for line in d.lines if line.discount)
        made = sum(line.net.minor + line.tax.minor for line in d.lines) - off
        due = max(0, d.total.minor - (d.credited.minor if d.credited else 0))
        for part, apart in (
            ("total", made - d.total.minor),
            ("discount", borne - off),
            ("due", due - d.due_amount.minor),
        ):
            if apart:
                out[(d.number, part)] = apart
    return out


def c08(x):
    def same(b, t):
        pairs = ((b.ship_to, t.ship_to), (b.on, t.on), (b.rate, t.rate))
        return all(p == q or not p or not q for p, q in pairs) and (not t.exempt or bool(t.certificate))

    def rows(lines):
        return [((t.document, t.line, t.jurisdiction), t.tax.minor, t) for t in lines]

    return _rows(rows(x.billing_tax), rows(t for t in x.tax_lines if t.status == "committed"), same)


def c10(x):
    def same(d, e):
        return (d.entity, str(d.on)[:7], d.tax, "posted") == (e.entity, e.period, e.tax, e.status)

    return _rows(
        [((d.kind, d.number), d.total.minor, d) for d in x.documents if d.status == "posted"],
        [((e.kind, e.external), e.total.minor, e) for e in x.erp_documents],
        same,
    )


def c11(x):
    return _apart(
        _sums(((i.entity, i.amount.currency), i.amount.minor) for i in x.open_items),
        _sums(((g.entity, g.amount.currency), g.amount.minor) for g in x.ledger if g.account == "1100"),
    )


def c12(x):
    moved = [m for m in x.ar_movements if m.period == x.month and m.kind != "allocation"]
    return _apart(
        _sums(((m.entity, m.amount.currency), m.amount.minor) for m in [*x.openings, *moved]),
        _sums(((i.entity, i.amount.currency), i.amount.minor) for i in x.open_items),
    )


def c13(x):
    taken = [c for c in x.charges if c.status == "succeeded"]
    right = [(("payment", c.reference), c.captured.minor, "succeeded") for c in taken]
    right += [(("refund", r.id), r.amount.minor, "succeeded") for r in x.refunds if r.status == "succeeded"]
    right += [(("dispute", d.id), d.amount.minor, "any") for d in x.disputes if d.status != "inquiry"]
    left = [((p.kind, p.reference), p.amount.minor, p.status) for p in x.billing_payments]
    return _rows(left, right, lambda a, b: b in ("any", a))


def c14(x):
    names = {b.id: b.posting or b.id for b in x.balance_transactions}
    left = {names[b.id]: b.net.minor for b in x.balance_transactions}
    right = _sums((g.source, g.amount.minor) for g in x.ledger if g.account == "1010")
    ids = {source: name for name, source in names.items()}
    return {(ids.get(k, k),): v for k, v in _apart(left, right).items()}


def c15(x):
    items = _sums((b.payout, b.net.minor) for b in x.balance_transactions
                  if b.payout and b.kind not in ("payout", "payout_failure"))  # fmt: skip
    paid = {p.id: p.amount.minor for p in x.payouts}
    turned = {p.id: 0 for p in x.payouts if p.amount.minor < 0 and items.get(p.id) == p.amount.minor}
    return {(k,): v for k, v in {**_apart(items, paid), **turned}.items()}


def c17(x):
    arrived = {
        p.id for p in x.payouts for b in x.bank_lines
        if b.kind == "processor" and (p.trace == b.trace or p.amount == b.amount)
    }  # fmt: skip
    lines = [g for g in x.ledger if g.account in ("1010", "1020")]
    left = _sums(((g.account, g.amount.currency), g.amount.minor) for g in lines)
    right = [(("1010", b.available.currency), (b.available + b.pending).minor) for b in x.processor_balances]
    right += [
        (("1020", p.amount.currency), p.amount.minor)
        for p in x.payouts if p.status != "failed" and p.id not in arrived
    ]  # fmt: skip
    return _apart(left, _sums(right))


def c19(x):
    return _apart(
        {(s.account, s.closing.currency): s.closing.minor for s in x.bank_statements},
        _sums(((g.bank, g.amount.currency), g.amount.minor) for g in x.ledger if g.account == "1000"),
    )


def c23(x):
    out = {}
    for g in x.grants:
        left = (g.opening + g.purchased - g.consumed - g.expired - g.refunded).minor
        owed = -sum(
            line.amount.minor for line in x.ledger if line.account == "2210" and line.document == g.id
        )
        value = left if g.kind == "paid" else 0
        late = g.expires_on is not None and g.expires_on < x.end and left > 0
        if value != owed or left < 0 or late:
            out[(g.id, "value")] = value - owed
        drawn = sum(d.amount.minor for d in x.drawdowns if d.grant == g.id)
        if drawn != g.consumed.minor:
            out[(g.id, "consumption")] = g.consumed.minor - drawn
    for d in x.drawdowns:
        if d.overage and d.overage != d.invoiced:
            out[(d.grant, "overage")] = d.overage.minor - (d.invoiced.minor if d.invoiced else 0)
    return out


def c26(x):
    left = {
        (p.contract, p.id): (
            p.recognised_at_end.minor if p.cancelled_on and p.recognised_at_end
            else floor(p.allocated.minor * p.progress + Fraction(1, 2))
        )
        for p in x.pobs
    }  # fmt: skip
    right = _sums(
        ((g.contract, g.pob), -g.amount.minor)
        for g in x.ledger if g.pob and g.account[0] == "4" and g.account != "4950"
    )  # fmt: skip
    return _apart(left, right, 1)


def c28(x):
    left = {p.contract: max(0, p.recognised.minor - p.billed.minor) for p in x.progress}
    right = _sums((g.contract, g.amount.minor) for g in x.ledger if g.account == "1150")
    out = {(k,): v for k, v in _apart(left, right).items()}
    for p in x.progress:
        if p.unconditional and p.contract in right:
            out.setdefault((p.contract,), 0)
    return out


def c30(x):
    out = {}
    for used in x.rates_used:
        for held in x.treasury_rates:
            same = (held.base, held.quote, held.on, held.kind) == (used.base, used.quote, used.on, used.kind)
            if same and held.rate != used.rate:
                out[(used.system, str(used.on))] = used.rate - held.rate
    return out


def c31(x):
    left = {}
    for i in x.fx_items:
        exact = i.foreign.minor * (Fraction(i.rate) - Fraction(i.booked_rate)) if i.monetary else Fraction(0)
        left[(i.document,)] = floor(exact + Fraction(1, 2))
    right = _sums(
        ((g.document,), -(g.base or g.amount).minor) for g in x.ledger if g.account in ("7000", "7010")
    )
    return _apart(left, right, 1)


def c35(x):
    moved = [((m.contract,), m.amount.minor) for m in x.rpo_movements]
    return _apart(_sums(moved), _sums(((r.contract,), r.amount.minor) for r in x.remaining), 1)


def c36(x):
    out = {}
    asked = Counter((e.id, r) for e in x.posting_events for r in e.rules)
    entries = {(g.source or g.entry, g.rule, g.entry) for g in x.ledger}
    made = Counter((source, rule) for source, rule, _ in entries)
    for key in {*asked, *made}:
        if (asked[key], made[key]) != (1, 1):
            out[key] = asked[key] - made[key]
    for entry, off in _sums((g.entry, g.amount.minor) for g in x.ledger).items():
        if off:
            out[("balance", entry)] = off
    return out


def c38(x):
    out = {}
    for e in x.sent_events:
        for consumer in e.consumers:
            rows = [t for t in x.taken_events if (t.id, t.consumer) == (e.id, consumer)]
            over = any(
                o.sequence > e.sequence and t.at < r.at
                for r in rows for o in x.sent_events if o.stream == e.stream
                for t in x.taken_events if (t.id, t.consumer) == (o.id, consumer)
            )  # fmt: skip
            good = len(rows) == 1 and rows[0].outcome == "processed" and rows[0].digest == e.digest
            if not good or over or rows[0].at >= x.cut_off:
                out[(e.id, consumer)] = 1 - len(rows)
    return out


def c39(x):
    late = Counter((i.customer, i.invoice) for i in x.open_items if i.due_on and i.due_on < x.end)
    dunned = Counter((d.customer, d.invoice) for d in x.dunning if d.state in ("dunning", "blocked"))
    many = {(d.customer, d.invoice) for d in x.dunning if d.attempts > 4}
    return {k: late[k] - dunned[k] for k in {*late, *dunned} if late[k] != dunned[k] or k in many}


def c40(x):
    out = {}
    for d in x.deals:
        m = {n: getattr(d, n).minor for n in d.__slots__ if n != "contract"}
        sides = (
            m["booked"] - m["billed"] + m["credited"] - m["to_bill"],
            m["billed_gross"] - m["credited_gross"] - m["cash"] - m["credit_used"] - m["written_off"]
            - m["disputed_lost"] - m["open_ar"],
            m["recognised"] - m["billed"] + m["credited"] + m["deferred"] - m["asset"],
        )  # fmt: skip
        out |= {(d.contract, str(n)): off for n, off in enumerate(sides) if off}
    return out


CHECKS = {
    name.upper(): value
    for name, value in globals().items()
    if name[0] == "c" and name[1:].isdigit() and callable(value)
}
