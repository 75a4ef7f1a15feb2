"""The partner SOAP interface, as far as REST has no word for it: login, merge, undelete, the bin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.kit.table import Call, Reply, Route
from simulators.salesforce.rules.bin import purge, undelete
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Record
from simulators.salesforce.rules.values import moment_text
from simulators.salesforce.wire.soap import Asked, Unreadable, answer, fault

_XML = (("content-type", "text/xml;charset=UTF-8"),)
Result = list[dict[str, Any]]


async def partner(org: Org, call: Call) -> Reply:
    """One call; faults have status 500."""
    try:
        asked = Asked(call.body)
    except Unreadable as error:
        return Reply(500, fault("INVALID_SOAP_HEADER", str(error)), _XML)
    act = _ACTS.get(asked.name)
    if act is None:
        said = f"No operation available for request {asked.name}"
        return Reply(500, fault("INVALID_OPERATION", said), _XML)
    try:
        if act is not _login:
            org.identity.session(asked.session)
            if not org.quota.admit():
                raise Refused("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
            org.bus.origin = f"com/salesforce/api/soap/{call.params['version']}"
        return Reply(200, answer(asked.name, act(org, asked, call)), _XML)
    except Refused as refused:
        kind = "LoginFault" if refused.code == "INVALID_LOGIN" else "UnexpectedErrorFault"
        said = refused.message
        if refused.code == "INVALID_SESSION_ID":
            said = "Invalid Session ID found in SessionHeader: Illegal Session"
        return Reply(500, fault(refused.code, said, kind), _XML)


def _user(org: Org) -> dict[str, Any]:
    user = org.store.by_id[org.identity.user_id].values
    return {
        "accessibilityMode": False, "chatterExternal": False, "currencySymbol": None,
        "orgAttachmentFileSizeLimit": 26214400, "orgDefaultCurrencyIsoCode": None,
        "orgDefaultCurrencyLocale": None, "orgDisallowHtmlAttachments": False,
        "orgHasPersonAccounts": False, "organizationId": org.identity.org_id,
        "organizationMultiCurrency": True, "organizationName": "Tieout", "profileId": "00e5g000000000AAAA",
        "roleId": None, "sessionSecondsValid": 7200, "userDefaultCurrencyIsoCode": "USD",
        "userEmail": user["Email"], "userFullName": user["Name"], "userId": user["Id"],
        "userLanguage": user["LanguageLocaleKey"], "userLocale": user["LocaleSidKey"],
        "userName": user["Username"], "userTimeZone": user["TimeZoneSidKey"], "userType": "Standard",
        "userUiSkin": "Theme3",
    }  # fmt: skip


def _login(org: Org, asked: Asked, call: Call) -> Result:
    session = org.identity.by_login(asked.text("username"), asked.text("password"))
    version, base = call.params["version"], f"{call.base_url}/services/Soap"
    organization = org.identity.org_id[:15]
    return [{
        "metadataServerUrl": f"{base}/m/{version}/{organization}", "passwordExpired": False, "sandbox": True,
        "serverUrl": f"{base}/u/{version}/{organization}", "sessionId": session.text,
        "userId": org.identity.user_id, "userInfo": _user(org),
    }]  # fmt: skip


def _logout(org: Org, asked: Asked, _: Call) -> Result:
    org.identity.revoke(asked.session)
    return []


def _user_info(org: Org, _: Asked, __: Call) -> Result:
    return [_user(org)]


def _timestamp(org: Org, _: Asked, __: Call) -> Result:
    return [{"timestamp": moment_text(org.clock.now()).replace("+0000", "Z")}]


def _merge(org: Org, asked: Asked, _: Call) -> Result:
    master = asked.record("masterRecord")
    kind, key = master.pop("type", ""), master.pop("Id", "")
    changed = {name: value for name, value in master.items() if name != "fieldsToNull"}
    try:
        winner, gone, moved = org.merge(kind, key, asked.texts("recordToMergeIds"), changed)
    except Refused as refused:
        return [{"errors": _error(refused), "id": None, "success": False}]
    return [{"id": winner.id, "mergedRecordIds": gone, "success": True, "updatedRelatedIds": moved}]


def _error(refused: Refused) -> dict[str, Any]:
    return {"fields": list(refused.fields), "message": refused.message, "statusCode": refused.code}


def _each(asked: Asked, act: Callable[[str], Record]) -> Result:
    results: Result = []
    for text in asked.texts("ids"):
        try:
            results.append({"id": act(text).id, "success": True})
        except Refused as refused:
            results.append({"errors": _error(refused), "id": text, "success": False})
    return results


def _undelete(org: Org, asked: Asked, _: Call) -> Result:
    return _each(asked, lambda text: undelete(org.records, text))


def _delete(org: Org, asked: Asked, _: Call) -> Result:
    return _each(asked, lambda text: org.delete(org.entity_of(text), text))


def _empty(org: Org, asked: Asked, _: Call) -> Result:
    def act(text: str) -> Record:
        found = org.store.find(text)
        if found is not None and not found.deleted:
            raise Refused("ENTITY_IS_NOT_DELETED", "entity is not in the recycle bin")  # unconfirmed
        return purge(org.records, text)

    return _each(asked, act)


_ACTS: dict[str, Callable[[Org, Asked, Call], Result]] = {
    "login": _login, "logout": _logout, "getUserInfo": _user_info, "getServerTimestamp": _timestamp,
    "merge": _merge, "undelete": _undelete, "delete": _delete, "emptyRecycleBin": _empty,
}  # fmt: skip

SOAP_TABLE = (
    Route("POST", "/services/Soap/u/{version}", "soap", partner,
          "partner SOAP: login, logout, merge, undelete, delete, emptyRecycleBin, getUserInfo", scope="own"),
    Route("POST", "/services/Soap/u/{version}/{organization}", "soap_of_org", partner, "the same",
          scope="own"),
)  # fmt: skip
