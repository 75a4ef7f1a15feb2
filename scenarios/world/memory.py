"""A machine's working memory as one hash: every value that it can reach, and where each of its tasks stands.

What belongs to the laboratory (`scenarios`, `simulators`) is outside the machine and only named. Whatever
cannot be looked into makes the hash impossible instead of incomplete.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import re
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import Context, ContextVar
from functools import partial
from hashlib import sha256
from types import (
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MappingProxyType,
    MethodType,
    ModuleType,
)
from typing import Any

from scenarios.world.loop import SimFuture, SimTask

_PLAIN = (type(None), bool, int, float, str, bytes, type(Ellipsis))
# They say all that they are by their name: nothing in them changes.
_NAMED = (type, ModuleType, BuiltinFunctionType, logging.Logger, re.Pattern, ContextVar, sqlite3.Connection)
_NO_SLOTS = ("__dict__", "__weakref__")
_OUTSIDE = ("scenarios.", "simulators.")


class Opaque(TypeError):
    """Something that nobody can look into."""


def remembered(roots: Iterable[object]) -> bytes:
    """The hash, 32 bytes. Opaque names what cannot be looked into."""
    whole, seen, kept = sha256(), dict[int, int](), list[object]()
    left: list[object] = [*roots][::-1]
    while left:
        each = left.pop()
        if isinstance(each, _PLAIN):
            whole.update(f"{type(each).__name__} {each!r}\n".encode())
            continue
        known = seen.get(id(each))
        if known is not None:
            whole.update(f"again {known}\n".encode())
            continue
        seen[id(each)] = len(seen)
        kept.append(each)  # an id stands for one object as long as that lives
        name, parts = _opened(each)
        parts = list(parts)
        whole.update(f"{name} {len(parts)}\n".encode())
        left += reversed(parts)
    return whole.digest()


def _opened(each: Any) -> tuple[str, Iterable[object]]:
    """What something is called, and what it consists of."""
    kind = type(each)
    if isinstance(each, _NAMED):
        return f"{kind.__name__} {_name(each)}", ()
    for sort, look in _LOOKS.items():
        if isinstance(each, sort):
            return kind.__qualname__, look(each)
    if kind.__module__.startswith(_OUTSIDE):
        return f"outside {kind.__qualname__}", ()
    return f"{kind.__module__}.{kind.__qualname__}", _attributes(each)


def _name(each: Any) -> str:
    return str(getattr(each, "__qualname__", "") or getattr(each, "name", "") or getattr(each, "pattern", ""))


def _attributes(each: Any) -> list[object]:
    own = getattr(each, "__dict__", None)
    slots = [name for sort in type(each).__mro__ for name in _slots(sort) if hasattr(each, name)]
    if own is None and not slots:
        return _reduced(each)
    return [own, *(part for name in slots for part in (name, getattr(each, name)))]


def _slots(sort: type) -> list[str]:
    names = vars(sort).get("__slots__", ())
    return [name for name in ((names,) if isinstance(names, str) else names) if name not in _NO_SLOTS]


def _reduced(each: Any) -> list[object]:
    owner = getattr(each, "__self__", None)
    if owner is not None:
        return [owner]  # what wakes a task
    if type(each).__qualname__ == "FutureIter":
        return gc.get_referents(each)  # an await of a future, which has no name
    try:
        return [each.__reduce_ex__(4)]
    except Exception as error:
        raise Opaque(f"{type(each).__module__}.{type(each).__qualname__}") from error


def _function(each: Any) -> list[object]:
    cells = [cell.cell_contents for cell in each.__closure__ or ()]
    return [each.__module__, each.__qualname__, each.__defaults__, each.__kwdefaults__, *cells]


def _under_way(each: Any) -> list[object]:
    """Where a coroutine stands, with all that it holds, what is yet unnamed too."""
    code = getattr(each, "cr_code", None) or each.gi_code
    frame = getattr(each, "cr_frame", None) or getattr(each, "gi_frame", None)
    if frame is None:
        return [code.co_qualname, "over"]
    held = [item for item in gc.get_referents(each) if not isinstance(item, FrameType)]
    return [code.co_qualname, frame.f_lasti, *held]


def _future(each: Any) -> list[object]:
    found: list[object] = [each._state, hash(each), [callback for callback, _ in each._callbacks or ()]]
    if isinstance(each, asyncio.Task):
        return [*found, each.get_coro(), each._fut_waiter]  # type: ignore[attr-defined]
    return [*found, getattr(each, "_result", None), getattr(each, "_exception", None)]


def _handle(each: Any) -> list[object]:
    return [getattr(each, "_when", None), each._cancelled, each._callback, each._args]


def _more(each: Any) -> list[object]:
    """What a container has beside its contents."""
    return [getattr(each, "default_factory", None), getattr(each, "__dict__", None)]


_LOOKS: dict[Any, Callable[[Any], Iterable[object]]] = {
    SimTask: _future,
    SimFuture: _future,
    asyncio.Handle: _handle,
    MethodType: lambda each: (each.__func__.__qualname__, each.__self__),
    FunctionType: _function,
    CoroutineType: _under_way,
    GeneratorType: _under_way,
    CodeType: lambda each: (each.co_qualname,),
    partial: lambda each: (each.func, each.args, each.keywords),
    Context: lambda each: [part for var, value in each.items() for part in (var.name, value)],
    MappingProxyType: lambda each: [part for item in each.items() for part in item],
    deque: lambda each: [each.maxlen, *each],
    dict: lambda each: [*_more(each), *(part for item in each.items() for part in item)],
    set: lambda each: [*_more(each), *each],
    frozenset: list,
    list: lambda each: [*_more(each), *each],
    tuple: list,
    BaseException: lambda each: [*_more(each), each.args, each.__cause__, each.__context__],
}
