"""What can be made to happen inside: as administrators, other users and other transactions would do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

from simulators.kit.acts import Act, act
from simulators.kit.asked import Wish, mapping, text, texts, whole
from simulators.salesforce.rules.bin import purge, undelete
from simulators.salesforce.rules.checks import ValidationRule
from simulators.salesforce.rules.definitions import define_field, define_object
from simulators.salesforce.rules.duplicates import ALERT, DuplicateRule
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused

MOST = 32_000


def _said(do: Callable[[Org, Wish], None]) -> Callable[[Org, Wish], None]:
    """The act, with refusals of the rules as ValueError."""

    @wraps(do)
    def doing(org: Org, wish: Wish) -> None:
        try:
            do(org, wish)
        except Refused as refused:
            raise ValueError(f"{refused.code}: {refused.message}") from None

    return doing


def _expire(org: Org, _: Wish) -> None:
    """Every session ends."""
    org.identity.revoke_all()


def _quota(org: Org, wish: Wish) -> None:
    """{"limit": 5}: calls that a day may have from now on; 0: no limit."""
    org.quota.limit = whole(wish, "limit")


def _trust(org: Org, wish: Wish) -> None:
    """{"public_key": PEM}: the connected app takes JWT assertions signed with it."""
    org.identity.trust(text(wish, "public_key", most=MOST))


def _lock(org: Org, wish: Wish) -> None:
    """{"ids": […], "count": 1}: the next writes of these rows, or below them, find them locked."""
    for key in texts(wish, "ids"):
        found = org.store.find(key)
        if found is None:
            raise ValueError(f"ids: there is no record {key}")
        org.records.locked[found.id] = whole(wish, "count", 1)


def _gap(org: Org, wish: Wish) -> None:
    """{"ids": […], "change": "GAP_UPDATE"}: change events that hold no fields."""
    kind = text(wish, "change", "GAP_UPDATE")
    if kind not in ("GAP_CREATE", "GAP_UPDATE", "GAP_DELETE", "GAP_UNDELETE"):
        raise ValueError(f"change: {kind!r} is not a gap")
    org.gap(texts(wish, "ids"), kind)


def _merge(org: Org, wish: Wish) -> None:
    """{"object", "master", "others": […], "values": {…}}: as two people would merge them on screen."""
    others = texts(wish, "others")
    org.merge(text(wish, "object"), text(wish, "master"), others, mapping(wish, "values", {}))


def _undelete(org: Org, wish: Wish) -> None:
    """{"ids": […]}: out of the recycle bin."""
    for key in texts(wish, "ids"):
        undelete(org.records, key)


def _purge(org: Org, wish: Wish) -> None:
    """{"ids": […]}: out of the recycle bin for good."""
    for key in texts(wish, "ids"):
        purge(org.records, key)


def _field(org: Org, wish: Wish) -> None:
    """{"full_name": "Account.Region__c", "metadata": {…}}: a custom field."""
    define_field(org.records, text(wish, "full_name"), mapping(wish, "metadata"))


def _object(org: Org, wish: Wish) -> None:
    """{"full_name": "Thing__c", "metadata": {…}, "fields": {"Name__c": {…}}}: a custom object."""
    made = define_object(org.records, text(wish, "full_name"), mapping(wish, "metadata", {}))
    for name, metadata in mapping(wish, "fields", {}).items():
        define_field(org.records, f"{made.name}.{name}", metadata)


def _rule(org: Org, wish: Wish) -> None:
    """{"object", "name", "formula", "message", "field"}: a validation rule."""
    rule = ValidationRule(
        org.next_id("03d"), org.catalogue.entity(text(wish, "object")).name, text(wish, "name"),
        text(wish, "formula", most=MOST), text(wish, "message", most=MOST), text(wish, "field", ""),
    )  # fmt: skip
    org.checks.add(org.records, rule)


def _duplicates(org: Org, wish: Wish) -> None:
    """{"object", "name", "fields": […], "block": 0, "alert"}: a duplicate rule; without block a caller
    may insist (Sforce-Duplicate-Rule-Header: allowSave=true)."""
    rule = DuplicateRule(
        org.next_id("0Bm"), org.catalogue.entity(text(wish, "object")).name, text(wish, "name"),
        tuple(texts(wish, "fields")), not whole(wish, "block", 0), text(wish, "alert", ALERT),
    )  # fmt: skip
    org.duplicates.add(org.records, rule)


ACTS: Mapping[str, Act] = {
    "expire_tokens": act(_said(_expire)),
    "daily_requests": act(_said(_quota), "limit"),
    "trust_certificate": act(_said(_trust), "public_key"),
    "lock_rows": act(_said(_lock), "ids", may="count"),
    "gap": act(_said(_gap), "ids", may="change"),
    "merge": act(_said(_merge), "object master others", may="values"),
    "undelete": act(_said(_undelete), "ids"),
    "purge": act(_said(_purge), "ids"),
    "define_field": act(_said(_field), "full_name metadata"),
    "define_object": act(_said(_object), "full_name", may="metadata fields"),
    "duplicate_rule": act(_said(_duplicates), "object name fields", may="block alert"),
    "validation_rule": act(_said(_rule), "object name formula message", may="field"),
}
