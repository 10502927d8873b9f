"""A shelf of terms: several closed deals of one type laid out in memory, read by kernels by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.core.datamodel import models
from numba.core.types.containers import BaseNamedTuple
from numba.extending import NativeValue, lower_builtin, register_model, type_callable, typeof_impl, unbox

from spv_sim.kernel.jit import PLAIN, kernel
from spv_sim.kernel.references import ADDRESS, Reference


class Shelf:
    """Several terms of one type, laid out in memory for kernels to read by number.

    Raises
    ------
    ValueError : terms of different types, for which a kernel would have to be compiled twice.
    """

    def __init__(self, terms: Sequence[Any]) -> None:
        self.terms = tuple(terms)
        if PLAIN:
            return
        kinds = {numba.typeof(each) for each in self.terms}
        if len(kinds) != 1:
            raise ValueError(f"terms on a shelf are of one type, not of {len(kinds)}")
        self.kind = Shelved(kinds.pop())
        room = put(self.terms[0], np.empty(0, dtype=np.uint8))
        self.memory = np.empty((len(self.terms), room), dtype=np.uint8)
        for each, place in zip(self.terms, self.memory, strict=True):
            put(each, place)
        self.address = self.memory.ctypes.data


class Shelved(types.Type):
    """A shelf in a kernel: where its first terms of the type `of` lie."""

    def __init__(self, of: BaseNamedTuple) -> None:
        self.of = of
        super().__init__(name=f"shelf({of})")


@register_model(Shelved)
class ShelvedModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: Shelved) -> None:
        super().__init__(dmm, fe_type, ADDRESS)


@typeof_impl.register(Shelf)
def kind_of_shelf(shelf: Shelf, context: Any) -> types.Type:
    return shelf.kind


@unbox(Shelved)
def take_shelf(kind: Shelved, shelf: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(shelf, "address")
    value = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return NativeValue(c.builder.bitcast(value, ADDRESS))


def at(shelf: Any, number: Any) -> Any:
    """The terms of a number on a shelf, by reference."""
    return shelf.terms[number]


@type_callable(at)
def type_at(context: Any) -> Any:
    def typer(shelf: types.Type, number: types.Type) -> types.Type | None:
        return Reference(shelf.of) if isinstance(shelf, Shelved) else None

    return typer


@lower_builtin(at, Shelved, types.Integer)
def find(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    shape = context.data_model_manager[sig.args[0].of].get_data_type()
    size = context.get_constant(types.intp, context.get_abi_sizeof(shape))
    number = context.cast(builder, args[1], sig.args[1], types.intp)
    return builder.gep(args[0], [builder.mul(number, size)])


def lay_at(terms: Any, memory: Any) -> Any:
    """Lays terms into memory where it is large enough; how many bytes they take."""
    raise NotImplementedError("only kernels lay terms into memory")


@type_callable(lay_at)
def type_lay_at(context: Any) -> Any:
    def typer(terms: types.Type, memory: types.Type) -> types.Type | None:
        return types.intp if isinstance(terms, BaseNamedTuple) else None

    return typer


@lower_builtin(lay_at, BaseNamedTuple, types.Array)
def lay(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    shape = context.data_model_manager[sig.args[0]].get_data_type()
    size = context.get_constant(types.intp, context.get_abi_sizeof(shape))
    array = context.make_array(sig.args[1])(context, builder, args[1])
    with builder.if_then(builder.icmp_signed(">=", array.nitems, size)):
        context.pack_value(builder, sig.args[0], args[0], builder.bitcast(array.data, shape.as_pointer()))
    return size


@kernel
def put(terms: Any, memory: Any) -> int:
    """Lay terms into the bytes of `memory`, if it has room for them; the room that they take [bytes]."""
    return lay_at(terms, memory)
