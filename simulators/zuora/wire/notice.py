"""Requests and answers about notification definitions and the history of callouts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.kit.clock import at
from simulators.kit.table import dumps
from simulators.zuora.rules.callouts import EVENTS, NAMESPACE, Definition
from simulators.zuora.rules.callouts_sent import Notice, Target
from simulators.zuora.rules.fields import USER
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused
from simulators.zuora.rules.state import State
from simulators.zuora.wire.shape import Shape, words

METHODS = ("GET", "PUT", "POST", "DELETE")
_KEPT = words("associatedAccount communicationProfileId filterRule filterRuleParams")


class Auth(Shape):
    """callout.calloutAuth."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("domain")

    username: str | None = None
    password: str | None = None
    preemptive: bool | None = None


class CalloutShape(Shape):
    """callout of a notification definition; an update may leave any of it out."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("id")

    calloutBaseurl: Annotated[str, Field(min_length=10)] | None = None
    httpMethod: str | None = None
    name: Annotated[str, Field(max_length=255)] | None = None
    description: Annotated[str, Field(max_length=255)] | None = None
    active: bool | None = None
    eventTypeName: Annotated[str, Field(min_length=1)] | None = None
    calloutParams: dict[str, str] | None = None
    calloutAuth: Auth | None = None
    requiredAuth: bool | None = None
    calloutRetry: bool | None = None

    def target(self, before: Target | None) -> Target:
        """Where and how; before: None for a new one, which must say it all."""
        if before is None:
            for name in ("calloutBaseurl", "httpMethod", "requiredAuth"):
                if getattr(self, name) is None:
                    raise Refused(MISSING, f"'callout.{name}' is required.", f"callout.{name}")
        auth = self.calloutAuth or Auth()
        given: dict[str, Any] = {
            "url": self.calloutBaseurl,
            "method": self.httpMethod,
            "required_auth": self.requiredAuth,
            "retry": self.calloutRetry,
            "username": auth.username,
            "password": auth.password,
            "preemptive": auth.preemptive,
        }
        target = replace(before or Target(""), **{k: v for k, v in given.items() if v is not None})
        if target.method not in METHODS:
            message = f"'httpMethod' value should be one of: {', '.join(METHODS)}"
            raise Refused(INVALID, message, "httpMethod")
        if not target.url.startswith(("https://", "http://")):
            raise Refused(INVALID, "'calloutBaseurl' must start with 'https://'.", "calloutBaseurl")
        if target.required_auth and not (target.username and target.password):
            message = "requiredAuth needs calloutAuth with username and password."
            raise Refused(RULE, message, "calloutAuth")
        return target


class _Shared(Shape):
    """What a new definition and a change have in common."""

    ACCEPTS: ClassVar[tuple[str, ...]] = _KEPT

    description: Annotated[str, Field(max_length=255)] | None = None
    active: bool | None = None
    calloutActive: bool | None = None
    emailActive: bool | None = None
    emailTemplateId: str | None = None
    callout: CalloutShape | None = None

    def no_email(self) -> None:
        """Emails are not sent by the mock, so there is no template that could be asked for."""
        if self.emailActive and not self.emailTemplateId:
            raise Refused(MISSING, "'emailTemplateId' is required.", "emailTemplateId")
        if self.emailTemplateId:
            message = f"Email template {self.emailTemplateId} does not exist."
            raise Refused(INVALID, message, "emailTemplateId")

    def kept(self) -> dict[str, object]:
        """What is only shown again."""
        return {name: value for name, value in (self.model_extra or {}).items() if name in _KEPT}


class DefinitionChange(_Shared):
    """PUT /notifications/notification-definitions/{id}: what is given changes, the event never."""

    name: Annotated[str, Field(min_length=1, max_length=255)] | None = None

    def changed(self, d: Definition, now: int) -> Definition:
        """The definition as it is to be."""
        self.no_email()
        own: dict[str, Any] = {
            "name": self.name,
            "description": self.description,
            "active": self.active,
            "callout_active": self.calloutActive,
        }
        if self.callout is not None:
            _same_event(self.callout, d.event)
            own |= {
                "target": self.callout.target(d.target),
                "callout_name": self.callout.name,
                "callout_description": self.callout.description,
                "callout_on": self.callout.active,
                "params": self.callout.calloutParams,
            }
        given = {name: value for name, value in own.items() if value is not None}
        return replace(d, **given, updated_at=now, extra={**d.extra, **self.kept()})


class NewDefinition(_Shared):
    """POST /notifications/notification-definitions. eventCategory: the code of a standard event."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    eventTypeName: str | None = None
    eventCategory: int | None = None
    eventTypeNamespace: str | None = None

    def definition(self, state: State) -> Definition:
        """What the rules make of it."""
        self.no_email()
        callout = self.callout
        if callout is None:
            raise Refused(MISSING, "An email template or a callout is required.", "callout")
        event = self._event()
        _same_event(callout, event)
        now = state.now()
        return Definition(
            id=state.new_id(),
            name=self.name,
            event=event,
            namespace=self.eventTypeNamespace or NAMESPACE,
            description=self.description,
            active=self.active is not False,
            callout_active=bool(self.calloutActive),
            target=callout.target(None),
            callout_name=callout.name or self.name,
            callout_description=callout.description,
            callout_on=callout.active is not False,
            params=callout.calloutParams or {},
            created_at=now,
            updated_at=now,
            callout_id=state.new_id(),
            extra=self.kept(),
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


def _same_event(callout: CalloutShape, event: str) -> None:
    if callout.eventTypeName is not None and callout.eventTypeName != event:
        message = "The eventTypeName of the callout must be that of the notification definition."
        raise Refused(INVALID, message, "callout.eventTypeName")


def definition(d: Definition) -> Mapping[str, Any]:
    """A notification definition; the password is not shown."""
    target = d.target
    return {
        "id": d.id,
        "name": d.name,
        "description": d.description,
        "eventTypeName": d.event,
        "eventTypeNamespace": d.namespace,
        "active": d.active,
        "associatedAccount": "Account.Id",
        "communicationProfileId": None,
        "filterRule": None,
        "filterRuleParams": None,
        **d.extra,
        "calloutActive": d.callout_active,
        "emailActive": False,
        "emailTemplateId": None,
        "callout": {
            "id": d.callout_id,
            "name": d.callout_name,
            "description": d.callout_description,
            "active": d.callout_on,
            "calloutBaseurl": target.url,
            "httpMethod": target.method,
            "calloutParams": dict(d.params),
            "calloutAuth": {"username": target.username, "preemptive": target.preemptive},
            "requiredAuth": target.required_auth,
            "calloutRetry": target.retry,
            "eventTypeName": d.event,
        },
        "createdBy": USER,
        "createdOn": _moment(d.created_at),
        "updatedBy": USER,
        "updatedOn": _moment(d.updated_at),
    }


def history(n: Notice) -> Mapping[str, Any]:
    """One callout of the history; numbers are texts (SDK GetCalloutHistoryVOType). Receivers' answers
    are not kept, so responseContent is never there; without an answer the code is negative. The id, which
    a resending asks for, is ours."""
    return {
        "attemptedNum": str(n.attempts),
        "createTime": at(n.created_at).strftime("%Y-%m-%dT%H:%M:%S"),
        "eventCategory": n.category,
        "eventContext": dumps(dict(n.context)).decode(),
        "notification": n.notification,
        "notificationId": n.id,
        "requestMethod": n.target.method,
        "requestUrl": n.target.url,
        "responseCode": "-1" if n.status is None else str(n.status),
    }


def _moment(moment: int) -> str:
    return at(moment).isoformat(timespec="milliseconds")
