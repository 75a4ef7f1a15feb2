"""Form bodies and queries with brackets, read into pydantic models; errors in Stripe's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Annotated, Any, TypeVar
from urllib.parse import unquote

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from simulators.kit.table import Call


class Invalid(Exception):
    """Parameters that do not even parse: nothing was executed. code may be ""."""

    def __init__(self, message: str, code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.message, self.code, self.param = message, code, param


_WHOLE = re.compile(r"-?\d{1,18}")
_UNNAMED = "invalid"


def _filled(value: Any) -> Any:
    if value == "":
        raise PydanticCustomError("parameter_invalid_empty", "")
    return value


def _whole(value: Any) -> Any:
    _filled(value)
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise PydanticCustomError("parameter_invalid_integer", "Invalid integer: {value}", {"value": value})
    return value


def _positive(value: Any) -> Any:
    _whole(value)
    if int(value) < 1:
        text = "This value must be greater than or equal to 1."
        raise PydanticCustomError("parameter_invalid_integer", text)
    return value


def _flag(value: Any) -> Any:
    if value not in ("true", "false", True, False):
        raise PydanticCustomError(_UNNAMED, "Invalid boolean: {value}", {"value": str(value)})
    return value in ("true", True)


def _unset(value: Any) -> Any:
    return None if value == "" else value


def _in_order(value: Any) -> Any:
    """{"0": a, "1": b} -> [a, b]."""
    if isinstance(value, dict):
        if not all(key.isdigit() for key in value):
            raise PydanticCustomError(_UNNAMED, "Invalid array")
        return [value[key] for key in sorted(value, key=int)]
    if isinstance(value, str):
        raise PydanticCustomError(_UNNAMED, "Invalid array")
    return value


def _metadata(value: Any) -> Any:
    if value == "":
        return None
    if not isinstance(value, dict):
        raise PydanticCustomError(_UNNAMED, "Invalid object")
    for key, text in value.items():
        if len(key) > 40:
            raise PydanticCustomError(_UNNAMED, "Metadata keys can have up to 40 characters.")
        if isinstance(text, str) and len(text) > 500:
            raise PydanticCustomError(_UNNAMED, "Metadata values can have up to 500 characters.")
    return value


Whole = Annotated[int, BeforeValidator(_whole)]
Amount = Annotated[int, BeforeValidator(_positive)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Word = Annotated[str, BeforeValidator(_filled)]
# A text that "" takes away.
Text = Annotated[str | None, BeforeValidator(_unset)]
Many = Annotated[tuple[str, ...], BeforeValidator(_in_order)]
Metadata = Annotated[dict[str, str] | None, BeforeValidator(_metadata)]


class Form(BaseModel):
    """Parameters that every call may carry."""

    # Built when first read, not when the program starts.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    expand: Many = ()

    def given(self, *but: str) -> dict[str, Any]:
        """What the caller sent, by name, without `expand` and without `but`."""
        # In the order of the fields: a set of names has another order in every process.
        sent = self.model_fields_set
        names = _fields(type(self))
        return {name: getattr(self, name) for name in names if name in sent and name not in but}


@cache
def _fields(model: type[Form]) -> tuple[str, ...]:
    return tuple(name for name in model.model_fields if name != "expand")


F = TypeVar("F", bound=Form)


def read(model: type[F], call: Call) -> F:
    """The parameters of a call: body and query together. Invalid says what is wrong."""
    kind = call.headers.get("content-type", "")
    if call.body and kind and not kind.startswith("application/x-www-form-urlencoded"):
        raise Invalid(
            "Invalid request (check that your POST content type is application/x-www-form-urlencoded)."
        )
    try:
        return model.model_validate(nested(pairs(call)))
    except ValidationError as error:
        raise _said(error.errors(include_url=False)) from None


def pairs(call: Call) -> list[tuple[str, str]]:
    """Every name and value of query and body, in order; not to be changed."""
    if call.memo is None:
        found = _split(call.query) if call.query else []
        if call.body:
            found += _split(call.body.decode("utf-8", "replace"))
        call.memo = found
    kept: list[tuple[str, str]] = call.memo
    return kept


def _split(text: str) -> list[tuple[str, str]]:
    """What urllib's parse_qsl makes of it, blank values kept, in a fraction of the time."""
    found = []
    for part in text.split("&"):
        if part:
            name, _, value = part.partition("=")
            if "+" in value:
                value = value.replace("+", " ")
            found.append((_name(name), _decoded(value) if "%" in value else value))
    return found


_ESCAPES = {f"{n:02{case}}": chr(n) for n in range(128) for case in "xX"}


def _decoded(text: str) -> str:
    """Percent signs resolved; the common case is one of ASCII, which needs no bytes in between."""
    first, *rest = text.split("%")
    try:
        return first + "".join([_ESCAPES[part[:2]] + part[2:] for part in rest])
    except KeyError:
        return unquote(text)


@lru_cache(maxsize=4096)
def _name(text: str) -> str:
    """A parameter's name; there are few, and they come again and again."""
    return unquote(text.replace("+", " "))


def nested(given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """a[b]=1 -> {"a": {"b": "1"}}; a[]=1 counts as the next index of a."""
    root: dict[str, Any] = {}
    for name, value in given:
        if "[" not in name:
            root[name] = value
            continue
        head, *rest = name.split("[")
        node, key = root, head
        for part in rest:
            inner = node.setdefault(key, {})
            if not isinstance(inner, dict):
                raise Invalid(f"Invalid object: {name}", param=head)
            node, key = inner, part.removesuffix("]") or str(len(inner))
        node[key] = value
    return root


def _said(errors: list[ErrorDetails]) -> Invalid:
    """The error that Stripe would report first: unknown names, then what is missing, then the rest."""
    unknown = [_param(e["loc"]) for e in errors if e["type"] == "extra_forbidden"]
    if unknown:
        many = "s" if len(unknown) > 1 else ""
        text = f"Received unknown parameter{many}: {', '.join(unknown)}"
        return Invalid(text, "parameter_unknown", unknown[0])
    first = next((e for e in errors if e["type"] == "missing"), errors[0])
    param, kind = _param(first["loc"]), first["type"]
    if kind == "missing":
        return Invalid(f"Missing required param: {param}.", "parameter_missing", param)
    if kind == "parameter_invalid_empty":
        text = (
            f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a"
            f" parameter; however '{param}' cannot be unset. You should remove '{param}' from your request or"
            " supply a non-empty value."
        )
        return Invalid(text, kind, param)
    if kind == "less_than_equal":
        text = f"This value must be less than or equal to {first['ctx']['le']}."
        return Invalid(text, "parameter_invalid_integer", param)
    if kind == "literal_error":
        known = first["ctx"]["expected"].replace("'", "")
        return Invalid(f"Invalid {param}: must be one of {known}", param=param)
    if kind == "string_type":
        return Invalid(f"Invalid string: {first['input']}", param=param)
    if kind in ("model_type", "dict_type"):
        return Invalid("Invalid object", param=param)
    return Invalid(first["msg"], kind if kind.startswith("parameter_") else "", param)


def _param(loc: tuple[int | str, ...]) -> str:
    head, *rest = (str(part) for part in loc)
    return head + "".join(f"[{part}]" for part in rest)
