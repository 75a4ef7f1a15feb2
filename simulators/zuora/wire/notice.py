"""Requests and answers about notification definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.callouts import EVENTS, NAMESPACE, USER_NAMESPACE, Definition
from simulators.zuora.rules.courier import Record
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, UNSUPPORTED, Refused
from simulators.zuora.rules.state import State
from simulators.zuora.wire.shape import Shape, words


class Auth(Shape):
    """callout.calloutAuth."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("domain")

    username: str = ""
    password: str = ""
    preemptive: bool = False


class CalloutShape(Shape):
    """callout of a notification definition."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("description active eventTypeName")

    calloutBaseurl: Annotated[str, Field(min_length=10)]
    httpMethod: str
    name: str = ""
    calloutParams: dict[str, str] = Field(default_factory=dict)
    calloutAuth: Auth | None = None
    requiredAuth: bool
    calloutRetry: bool = True


class NewDefinition(Shape):
    """POST /notifications/notification-definitions. eventCategory: the code of a standard event."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "associatedAccount communicationProfileId emailActive emailTemplateId filterRule filterRuleParams"
    )

    name: Annotated[str, Field(min_length=1, max_length=255)]
    eventTypeName: str = ""
    eventCategory: int | None = None
    eventTypeNamespace: str = ""
    description: str | None = None
    active: bool = True
    calloutActive: bool = False
    callout: CalloutShape

    def definition(self, state: State) -> Definition:
        """What the rules make of it."""
        callout, auth = self.callout, self.callout.calloutAuth or Auth()
        if callout.httpMethod != "POST":
            message = f"HTTP method '{callout.httpMethod}' is not available in this tenant."
            raise Refused(UNSUPPORTED, message, "httpMethod")
        if callout.requiredAuth and not auth.username:
            raise Refused(RULE, "requiredAuth needs calloutAuth with a username.", "calloutAuth")
        event = self._event()
        return Definition(
            id=state.new_id(),
            name=self.name,
            event=event,
            namespace=self.eventTypeNamespace or (NAMESPACE if event in EVENTS else USER_NAMESPACE),
            description=self.description,
            active=self.active,
            callout_active=self.calloutActive,
            url=callout.calloutBaseurl,
            callout_name=callout.name or self.name,
            params=callout.calloutParams,
            username=auth.username,
            password=auth.password,
            preemptive=auth.preemptive,
            required_auth=callout.requiredAuth,
            retry=callout.calloutRetry,
            created_at=state.now(),
            callout_id=state.new_id(),
        )

    def _event(self) -> str:
        if self.eventTypeName:
            return self.eventTypeName
        if self.eventCategory is None:
            raise Refused(MISSING, "'eventTypeName' is required.", "eventTypeName")
        for name, code in EVENTS.items():
            if code and code == self.eventCategory:
                return name
        raise Refused(INVALID, f"Event category {self.eventCategory} does not exist.", "eventCategory")


class DefinitionChange(Shape):
    """PUT /notifications/notification-definitions/{id}: what is absent stays."""

    ACCEPTS: ClassVar[tuple[str, ...]] = NewDefinition.ACCEPTS

    name: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    description: str | None = None
    active: bool | None = None
    calloutActive: bool | None = None
    callout: CalloutShape | None = None

    def changed(self, old: Definition, now: int) -> Definition:
        """The definition as it is to be."""
        new = replace(
            old,
            name=self.name or old.name,
            description=old.description if self.description is None else self.description,
            active=old.active if self.active is None else self.active,
            callout_active=old.callout_active if self.calloutActive is None else self.calloutActive,
            updated_at=now,
        )
        if self.callout is None:
            return new
        auth = self.callout.calloutAuth or Auth()
        if self.callout.requiredAuth and not auth.username:
            raise Refused(RULE, "requiredAuth needs calloutAuth with a username.", "calloutAuth")
        return replace(
            new,
            url=self.callout.calloutBaseurl,
            callout_name=self.callout.name or new.name,
            params=self.callout.calloutParams,
            username=auth.username,
            password=auth.password or old.password,
            preemptive=auth.preemptive,
            required_auth=self.callout.requiredAuth,
            retry=self.callout.calloutRetry,
        )


def history(record: Record) -> dict[str, Any]:
    """An entry of GET /v1/notification-history/callout."""
    callout = record.callout
    return {
        "attemptedNum": str(record.attempt),
        "createTime": stamp(record.at),
        "eventCategory": str(EVENTS.get(callout.event) or f"{callout.namespace}:{callout.event}"),
        "eventContext": callout.body.decode(),
        "notification": callout.name,
        "requestMethod": "POST",
        "requestUrl": callout.url,
        "responseCode": "" if record.status is None else str(record.status),
        "responseContent": "",
        "notificationId": callout.id,
    }


def definition(d: Definition) -> Mapping[str, Any]:
    """A notification definition; the password is not shown."""
    return {
        "id": d.id,
        "name": d.name,
        "description": d.description,
        "eventTypeName": d.event,
        "eventTypeNamespace": d.namespace,
        "active": d.active,
        "calloutActive": d.callout_active,
        "emailActive": False,
        "callout": {
            "id": d.callout_id,
            "name": d.callout_name,
            "active": d.callout_active,
            "calloutBaseurl": d.url,
            "httpMethod": "POST",
            "calloutParams": dict(d.params),
            "calloutAuth": {"username": d.username, "preemptive": d.preemptive},
            "requiredAuth": d.required_auth,
            "calloutRetry": d.retry,
            "eventTypeName": d.event,
        },
        "createdOn": stamp(d.created_at),
        "updatedOn": stamp(d.updated_at or d.created_at),
    }
