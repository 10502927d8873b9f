"""Terms by reference: nested tuples that kernels read where they lie, instead of passing field by field.

A closed deal is hundreds of numbers and arrays. Passed by value from formula to formula they would be most of
the code of a kernel; a reference is one address, and what is not read costs nothing.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.types.containers import BaseNamedTuple
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, lower_builtin, lower_getattr_generic, register_model, type_callable

ADDRESS = ir.IntType(8).as_pointer()


class Reference(types.Type):
    """Where a named tuple of the type `of` lies in memory; it does not change while a kernel runs."""

    def __init__(self, of: BaseNamedTuple) -> None:
        self.of = of
        super().__init__(name=f"reference({of})")


@register_model(Reference)
class ReferenceModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: Reference) -> None:
        super().__init__(dmm, fe_type, ADDRESS)


def read_as(field: types.Type) -> types.Type:
    """Type of a field when it is read: again a reference if it is a named tuple."""
    return Reference(field) if isinstance(field, BaseNamedTuple) else field


@infer_getattr
class ReferenceFields(AttributeTemplate):  # type: ignore[misc]
    key = Reference

    def generic_resolve(self, reference: Reference, name: str) -> types.Type | None:
        if name not in reference.of.fields:
            return None
        return read_as(reference.of[reference.of.fields.index(name)])


@lower_getattr_generic(Reference)
def read_field(context: Any, builder: Any, reference: Reference, value: Any, name: str) -> Any:
    index = reference.of.fields.index(name)
    field = reference.of[index]
    shape = context.data_model_manager[reference.of].get_data_type()
    place = cgutils.gep_inbounds(builder, builder.bitcast(value, shape.as_pointer()), 0, index)
    if isinstance(field, BaseNamedTuple):
        return builder.bitcast(place, ADDRESS)
    return context.unpack_value(builder, field, place)


def refer(terms: Any) -> Any:
    """The terms, for formulas that read them; in Python itself the tuple as it is."""
    return terms


@type_callable(refer)
def type_reference(context: Any) -> Any:
    def typer(terms: types.Type) -> types.Type | None:
        return Reference(terms) if isinstance(terms, BaseNamedTuple) else None

    return typer


@lower_builtin(refer, BaseNamedTuple)
def lay_down(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    shape = context.data_model_manager[sig.args[0]].get_data_type()
    place = cgutils.alloca_once(builder, shape)
    context.pack_value(builder, sig.args[0], args[0], place)
    return builder.bitcast(place, ADDRESS)
