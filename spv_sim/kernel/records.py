"""Records in an array: the leaves of a named tuple of floats or lanes, one behind the other, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from numba.core import types
from numba.core.types.containers import BaseTuple
from numba.core.typing import signature

from spv_sim.kernel.lanes_lowering import is_row, teach
from spv_sim.kernel.lanes_type import FLOAT, Lanes, vector


def leaves(record: Any) -> Iterator[Any]:
    """The numbers of a record, inner tuples in place."""
    for field in record:
        if isinstance(field, tuple):
            yield from leaves(field)
        else:
            yield field


def record_length(record: Any) -> int:
    """How many numbers a record has."""
    return sum(1 for _ in leaves(record))


def write_record(array: Any, position: Any, record: Any) -> None:
    """Writes the numbers of a record to the array from a position on, each as many lanes wide as it is."""
    for index, value in enumerate(leaves(record)):
        array[position + index] = value


def read_record(array: Any, position: Any, template: Any) -> Any:
    """The record that was written at a position; `template` is any record of its kind."""
    values = iter(float(value) for value in array[position : position + record_length(template)])

    def rebuild(record: Any) -> Any:
        return type(record)(*(rebuild(f) if isinstance(f, tuple) else next(values) for f in record))

    return rebuild(template)


def leaf_types(record: types.Type) -> list[types.Type]:
    """Numba types of the numbers of a record."""
    if isinstance(record, BaseTuple):
        return [leaf for field in record for leaf in leaf_types(field)]
    return [record]


def is_record(record: types.Type) -> bool:
    """Whether every number of it is a float, or float lanes."""
    if not isinstance(record, BaseTuple):
        return False
    return all(
        leaf == types.float64 or (isinstance(leaf, Lanes) and leaf.kind == FLOAT)
        for leaf in leaf_types(record)
    )


def type_write(array: types.Type, position: types.Type, record: types.Type) -> Any:
    if not is_row(array) or not isinstance(position, types.Integer) or not is_record(record):
        return None
    return signature(types.none, array, types.intp, record)


def type_read(array: types.Type, position: types.Type, template: types.Type) -> Any:
    if not is_row(array) or not isinstance(position, types.Integer) or not is_record(template):
        return None
    return signature(template, array, types.intp, template)


def walk(context: Any, builder: Any, kind: types.Type, data: Any, visit: Any, value: Any = None) -> Any:
    """The record of `kind` made of what `visit(type, pointer, its value)` answers for each leaf in turn."""
    position = 0

    def build(kind: types.Type, value: Any) -> Any:
        nonlocal position
        if isinstance(kind, BaseTuple):
            parts = [
                build(field, None if value is None else builder.extract_value(value, index))
                for index, field in enumerate(kind)
            ]
            return context.make_tuple(builder, kind, parts)
        pointer = builder.gep(data, [context.get_constant(types.intp, position)])
        if isinstance(kind, Lanes):
            position += kind.count
            pointer = builder.bitcast(pointer, vector(kind).as_pointer())
        else:
            position += 1
        return visit(pointer, value)

    return build(kind, value)


def begin(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Pointer to the array's number at a position."""
    array = context.make_array(sig.args[0])(context, builder, args[0])
    return builder.gep(array.data, [args[1]])


@teach(write_record, type_write)
def lower_write(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    def visit(pointer: Any, value: Any) -> Any:
        builder.store(value, pointer, align=8)
        return value

    walk(context, builder, sig.args[2], begin(context, builder, sig, args), visit, args[2])
    return context.get_dummy_value()


@teach(read_record, type_read)
def lower_read(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    def visit(pointer: Any, value: Any) -> Any:
        return builder.load(pointer, align=8)

    return walk(context, builder, sig.return_type, begin(context, builder, sig, args), visit)
