"""Handlers about the account itself: ping, account, subscriptions, users."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from simulators.avatax.routes.amounts import USER_ID, moment
from simulators.avatax.routes.door import signed_in
from simulators.avatax.routes.listing import filter_of, listed
from simulators.avatax.routes.reading import body, path_number, query
from simulators.avatax.rules.filtering import Fields
from simulators.avatax.rules.refusal import TaxRefusal, not_found
from simulators.avatax.rules.sandbox import ACCOUNT, USER, Sandbox
from simulators.avatax.wire import setup
from simulators.kit.clock import day
from simulators.kit.table import Call, Reply, json_reply

# Number, name.
_SUBSCRIPTIONS = ((7, "AvaTaxPro"), (2, "AutoAddress"), (4, "BasicReturns"), (11, "ECMEssentials"))
_FIRST_SUBSCRIPTION = 100_000
_SUBSCRIPTION_FIELDS: Fields = {
    name.lower(): (lambda row, name=name: row[name])  # type: ignore[misc]
    for name in ("id", "accountId", "subscriptionTypeId", "subscriptionDescription")
}
_USER_FIELDS: Fields = {
    name.lower(): (lambda row, name=name: row[name])  # type: ignore[misc]
    for name in ("id", "userName", "firstName", "lastName", "email", "isActive")
}


async def ping(sandbox: Sandbox, call: Call) -> Reply:
    """Always 200; says whether the caller is known."""
    means = signed_in(sandbox, call)
    answer: dict[str, Any] = {"version": "26.10.0", "authenticated": bool(means)}
    if means:
        answer |= {
            "authenticationType": means,
            "authenticatedUserName": ACCOUNT if means == "AccountIdLicenseKey" else USER,
            "authenticatedUserId": USER_ID,
            "authenticatedAccountId": int(ACCOUNT),
            "authenticatedCompanyId": 0,
            "crmid": "",
        }
    else:
        answer["authenticationType"] = "None"
    return json_reply(200, answer)


async def get_account(sandbox: Sandbox, call: Call) -> Reply:
    """The caller's own account; any other is not for its eyes."""
    number = own_account(path_number(call, "id"))
    answer: dict[str, Any] = {
        "id": number,
        "crmid": "",
        "name": "Tieout Sandbox",
        "effectiveDate": day(sandbox.opened_at).isoformat(),
        "accountStatusId": "Active",
        "accountTypeId": "Regular",
        "isSamlEnabled": False,
        "isDeleted": False,
        "createdDate": moment(sandbox.opened_at),
        "modifiedDate": moment(sandbox.opened_at),
    }
    include = query(call).get("$include", "").lower()
    if "subscriptions" in include:
        answer["subscriptions"] = _subscriptions(sandbox)
    if "users" in include:
        answer["users"] = [_user(sandbox)]
    return json_reply(200, answer)


async def reset_licence(sandbox: Sandbox, call: Call) -> Reply:
    """LicenseKeyModel; the key in use until now opens nothing any more."""
    number = own_account(path_number(call, "id"))
    if not body(call, setup.ResetLicenceBody).confirm_reset_license_key:
        raise TaxRefusal(
            "MustConfirmResetLicenseKey",
            "You must confirm that you intend to reset your license key.",
            "Set confirmResetLicenseKey to true.",
            "confirmResetLicenseKey",
        )
    licence = sandbox.reset_licence()
    pair = b64encode(f"{number}:{licence}".encode()).decode()
    return json_reply(
        200,
        {"accountId": number, "privateLicenseKey": licence, "httpRequestHeader": f"Basic {pair}"},
    )


async def list_accounts(sandbox: Sandbox, call: Call) -> Reply:
    """The one account that the caller can see."""
    row = {"id": int(ACCOUNT), "name": "Tieout Sandbox", "accountStatusId": "Active"}
    row["effectiveDate"] = day(sandbox.opened_at).isoformat()
    fields: Fields = {"id": lambda r: r["id"], "name": lambda r: r["name"]}
    return listed(call, [row], filter_of(call), fields, dict)


async def list_subscriptions(sandbox: Sandbox, call: Call) -> Reply:
    """What the account may use."""
    if "accountId" in call.params:
        own_account(path_number(call, "accountId"))
    return listed(call, _subscriptions(sandbox), filter_of(call), _SUBSCRIPTION_FIELDS, dict)


async def my_subscription(sandbox: Sandbox, call: Call) -> Reply:
    """One of the account's subscriptions by its type."""
    wanted = call.params["serviceTypeId"].lower()
    for row in _subscriptions(sandbox):
        if wanted in (row["subscriptionDescription"].lower(), str(row["subscriptionTypeId"])):
            return json_reply(200, row)
    raise not_found("Subscription", call.params["serviceTypeId"])


async def get_subscription(sandbox: Sandbox, call: Call) -> Reply:
    """One of the account's subscriptions by number."""
    own_account(path_number(call, "accountId"))
    number = path_number(call, "id")
    for row in _subscriptions(sandbox):
        if row["id"] == number:
            return json_reply(200, row)
    raise not_found("Subscription", str(number))


async def list_users(sandbox: Sandbox, call: Call) -> Reply:
    """The account's one user."""
    if "accountId" in call.params:
        own_account(path_number(call, "accountId"))
    return listed(call, [_user(sandbox)], filter_of(call), _USER_FIELDS, dict)


def own_account(number: int) -> int:
    """The number of the caller's own account; PermissionRequired of any other."""
    if number != int(ACCOUNT):
        raise TaxRefusal(
            "PermissionRequired",
            "You do not have permission to view this account.",
            f"The account {number} is not yours.",
            "Account",
        )
    return number


def _subscriptions(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [
        {
            "id": _FIRST_SUBSCRIPTION + kind,
            "accountId": int(ACCOUNT),
            "subscriptionTypeId": kind,
            "subscriptionDescription": name,
            "effectiveDate": day(sandbox.opened_at).isoformat(),
            "createdDate": moment(sandbox.opened_at),
        }
        for kind, name in _SUBSCRIPTIONS
    ]


def _user(sandbox: Sandbox) -> dict[str, Any]:
    return {
        "id": USER_ID,
        "accountId": int(ACCOUNT),
        "userName": USER,
        "firstName": "Tieout",
        "lastName": "Admin",
        "email": USER,
        "securityRoleId": "AccountAdmin",
        "passwordStatus": "UserCannotChange",
        "isActive": True,
        "createdDate": moment(sandbox.opened_at),
    }
