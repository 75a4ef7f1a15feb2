"""What paths take, as pydantic models: parts that many of them share.

A name that is not in the model is refused as unknown; one that the vendor knows and the mock makes
nothing of is typed Unread.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from simulators.stripe.wire.forms import Amount, Form, Metadata, Text, Whole, Word, _unset

STRICT = ConfigDict(extra="forbid", frozen=True, defer_build=True)
# Known to the vendor, taken, and not looked at.
_UNREAD = "unread"
Unread = Annotated[Any, Field(description=_UNREAD)]


@cache
def _read(model: type[Form], but: tuple[str, ...]) -> tuple[str, ...]:
    """The names that count, in the order of the fields: a set of names has another in every process."""
    fields = model.model_fields.items()
    return tuple(n for n, f in fields if f.description != _UNREAD and n not in ("expand", *but))


def said(form: Form, *but: str) -> dict[str, Any]:
    """What the caller sent of what counts, by name, without `but`; nested models as mappings."""
    given = form.model_fields_set
    return {name: plain(getattr(form, name)) for name in _read(type(form), but) if name in given}


def plain(value: Any) -> Any:
    """A nested model as a mapping of what was sent; anything else as it is."""
    # Most are texts; asking pydantic whether something is a model is slow.
    if type(value) is str:
        return value
    return value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value


def _bounds(value: Any) -> Any:
    """A bare moment means exactly that second."""
    return {"gte": value, "lte": value} if isinstance(value, str) else value


class Bounds(BaseModel):
    """Unix seconds."""

    model_config = STRICT
    gt: Whole | None = None
    gte: Whole | None = None
    lt: Whole | None = None
    lte: Whole | None = None


Moments = Annotated[Bounds | None, BeforeValidator(_bounds)]


class Nothing(Form):
    """No parameters but `expand`."""


class Listing(Form):
    """limit: 1 to 100; the cursors are ids."""

    limit: Annotated[Amount, Field(le=100)] = 10
    starting_after: Word = ""
    ending_before: Word = ""


class Dated(Listing):
    """Lists that can be narrowed to when their objects were created."""

    created: Moments = None


class Search(Form):
    """query: in Stripe's search language; page: `next_page` of the answer before."""

    query: Word
    limit: Annotated[Amount, Field(le=100)] = 10
    page: Text = None


class MetadataOnly(Form):
    """Updates of what is otherwise fixed."""

    metadata: Metadata = None


class Address(BaseModel):
    """A postal address."""

    model_config = STRICT
    city: Text = None
    country: Text = None
    line1: Text = None
    line2: Text = None
    postal_code: Text = None
    state: Text = None


MaybeAddress = Annotated[Address | None, BeforeValidator(_unset)]


class Shipping(BaseModel):
    """Where goods go."""

    model_config = STRICT
    address: Address
    name: Text = None
    phone: Text = None
    carrier: Text = None
    tracking_number: Text = None


MaybeShipping = Annotated[Shipping | None, BeforeValidator(_unset)]


class BillingDetails(BaseModel):
    """Whose a payment method is."""

    model_config = STRICT
    address: MaybeAddress = None
    email: Text = None
    name: Text = None
    phone: Text = None
    tax_id: Text = None


class Online(BaseModel):
    """Where a customer agreed."""

    model_config = STRICT
    ip_address: Word
    user_agent: Word


class Acceptance(BaseModel):
    """How a customer agreed to a mandate."""

    model_config = STRICT
    type: Literal["online", "offline"]
    accepted_at: Whole | None = None
    online: Online | None = None
    offline: Annotated[dict[str, str] | None, BeforeValidator(_unset)] = None


class MandateData(BaseModel):
    """The customer's permission to be debited."""

    model_config = STRICT
    customer_acceptance: Acceptance


MaybeMandateData = Annotated[MandateData | None, BeforeValidator(_unset)]
