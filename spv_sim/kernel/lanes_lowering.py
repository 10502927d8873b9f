"""Teaches numba the formulas' vocabulary: each name of lanes_plain on scalars and lanes, by argument type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin
from numba.np.arrayobj import make_array

from spv_sim.kernel import lanes_plain
from spv_sim.kernel.lanes_type import FLOAT, I64, MASK, WORD, Lanes, splat, vector

DOUBLE = ir.DoubleType()


def shape_of(kind: str, *values: types.Type) -> types.Type | None:
    """Lanes of a kind where any value is lanes (all must agree in number), else the scalar of that kind."""
    counts = {value.count for value in values if isinstance(value, Lanes)}
    if len(counts) > 1:
        return None
    if counts:
        return Lanes(kind, counts.pop())
    return {FLOAT: types.float64, WORD: types.uint64, MASK: types.boolean}[kind]


def kind_of(*values: types.Type) -> str | None:
    """The one kind among lanes and numbers: float, unless words or truths only."""
    kinds = {value.kind for value in values if isinstance(value, Lanes)}
    if not kinds:
        if all(isinstance(value, types.Boolean) for value in values):
            return MASK
        unsigned = all(value in types.unsigned_domain for value in values)
        return WORD if unsigned else FLOAT
    return kinds.pop() if len(kinds) == 1 else None


def teach(function: Callable[..., Any], typer: Callable[..., Any]) -> Callable[..., Any]:
    """Registers a name with numba: `typer(*types)` answers a signature or None; decorates a lowering."""

    class Answer(AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
            return None if kws else typer(*args)

    infer_global(function)(Answer)

    def register(lower: Callable[..., Any]) -> Callable[..., Any]:
        return lower_builtin(function, types.VarArg(types.Any))(lower)  # type: ignore[attr-defined]

    return register


def numbers(result: str | None = None) -> Callable[..., Any]:
    """Typer of functions whose arguments are all brought to one float shape."""

    def typer(*args: types.Type) -> Any:
        shape = shape_of(FLOAT, *args)
        if shape is None or kind_of(*args) in (None, MASK):
            return None
        return signature(shape_of(result or FLOAT, *args), *([shape] * len(args)))

    return typer


def type_where(mask: types.Type, chosen: types.Type, otherwise: types.Type) -> Any:
    kind = kind_of(chosen, otherwise)
    if kind is None or not (isinstance(mask, types.Boolean) or getattr(mask, "kind", None) == MASK):
        return None
    shape = shape_of(kind, mask, chosen, otherwise)
    return None if shape is None else signature(shape, shape_of(MASK, mask), shape, shape)


def truth(builder: Any, mask: Any) -> Any:
    """The i1 (or its vector) behind a mask of whole words; scalar truths are i1 already."""
    if isinstance(mask.type, ir.VectorType):
        return builder.icmp_signed("<", mask, ir.Constant(mask.type, None))
    return mask


@teach(lanes_plain.where, type_where)
def lower_where(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.select(truth(builder, args[0]), args[1], args[2])


@teach(lanes_plain.minimum, numbers())
def lower_minimum(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.select(builder.fcmp_ordered("<", *args), *args)


@teach(lanes_plain.maximum, numbers())
def lower_maximum(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.select(builder.fcmp_ordered(">", *args), *args)


@teach(lanes_plain.divide, numbers())
def lower_divide(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.fdiv(*args)


def teach_llvm(function: Callable[..., Any], name: str) -> None:
    """A name that is one LLVM intrinsic on floats and on vectors alike."""

    @teach(function, numbers())
    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = args[0].type
        suffix = f"v{kind.count}f64" if isinstance(kind, ir.VectorType) else "f64"
        prototype = ir.FunctionType(kind, [kind] * len(args))
        called = cgutils.get_or_insert_function(builder.module, prototype, f"llvm.{name}.{suffix}")
        return builder.call(called, args)


teach_llvm(lanes_plain.absolute, "fabs")
teach_llvm(lanes_plain.sqrt, "sqrt")
teach_llvm(lanes_plain.floor, "floor")
teach_llvm(lanes_plain.nearest, "roundeven")
teach_llvm(lanes_plain.fma, "fma")


def type_mask(result: str | None) -> Callable[..., Any]:
    def typer(mask: types.Type) -> Any:
        if not (isinstance(mask, types.Boolean) or getattr(mask, "kind", None) == MASK):
            return None
        return signature(mask if result else types.boolean, mask)

    return typer


@teach(lanes_plain.invert, type_mask(MASK))
def lower_invert(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.not_(args[0])


@teach(lanes_plain.any_of, type_mask(None))
def lower_any(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    if not isinstance(sig.args[0], Lanes):
        return args[0]
    packed = builder.bitcast(truth(builder, args[0]), ir.IntType(sig.args[0].count))
    return builder.icmp_unsigned("!=", packed, ir.Constant(packed.type, 0))


@teach(lanes_plain.all_of, type_mask(None))
def lower_all(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    if not isinstance(sig.args[0], Lanes):
        return args[0]
    packed = builder.bitcast(truth(builder, args[0]), ir.IntType(sig.args[0].count))
    return builder.icmp_unsigned("==", packed, ir.Constant(packed.type, -1))


def type_word(value: types.Type) -> Any:
    if isinstance(value, Lanes):
        return signature(value, value) if value.kind == WORD else None
    return signature(types.uint64, types.uint64) if isinstance(value, types.Integer) else None


@teach(lanes_plain.word, type_word)
def lower_word(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return args[0]


def type_bits(value: types.Type) -> Any:
    if isinstance(value, Lanes) and value.kind != FLOAT:
        return None
    return signature(shape_of(WORD, value), shape_of(FLOAT, value))


def type_from_bits(value: types.Type) -> Any:
    if isinstance(value, Lanes) and value.kind != WORD:
        return None
    return signature(shape_of(FLOAT, value), shape_of(WORD, value))


@teach(lanes_plain.bits, type_bits)
@teach(lanes_plain.from_bits, type_from_bits)
def lower_bits(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.bitcast(args[0], context.get_value_type(sig.return_type))


def type_paths(width: types.Type, first: types.Type) -> Any:
    if not isinstance(width, types.UniTuple) or not isinstance(first, types.Integer):  # type: ignore[attr-defined]
        return None
    shape = Lanes(WORD, width.count) if width.count > 1 else types.uint64
    return signature(shape, width, types.uint64)


@teach(lanes_plain.paths, type_paths)
def lower_paths(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    count = sig.args[0].count
    if count == 1:
        return args[1]
    offsets = ir.Constant(ir.VectorType(I64, count), list(range(count)))
    return builder.add(splat(builder, args[1], count), offsets)


def type_like(template: types.Type, value: types.Type) -> Any:
    shape = shape_of(FLOAT, template)
    return signature(shape, template, shape) if isinstance(value, types.Number | Lanes) else None


@teach(lanes_plain.like, type_like)
def lower_like(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return args[1]


@teach(lanes_plain.width_of, lambda template: signature(types.intp, template))
def lower_width(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return context.get_constant(types.intp, getattr(sig.args[0], "count", 1))


def type_lane(value: types.Type, index: types.Type) -> Any:
    scalar = shape_of(value.kind) if isinstance(value, Lanes) else value
    return signature(scalar, value, types.intp) if isinstance(index, types.Integer) else None


@teach(lanes_plain.lane, type_lane)
def lower_lane(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    if not isinstance(sig.args[0], Lanes):
        return args[0]
    chosen = builder.extract_element(args[0], args[1])
    if sig.args[0].kind == MASK:
        return builder.icmp_signed("<", chosen, ir.Constant(I64, 0))
    return chosen


def type_with_lane(value: types.Type, index: types.Type, scalar: types.Type) -> Any:
    if not isinstance(index, types.Integer) or not isinstance(scalar, types.Number):
        return None
    return signature(value, value, types.intp, shape_of(value.kind) if isinstance(value, Lanes) else value)


@teach(lanes_plain.with_lane, type_with_lane)
def lower_with_lane(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.insert_element(args[0], args[2], args[1]) if isinstance(sig.args[0], Lanes) else args[2]


def place(context: Any, builder: Any, sig: Any, args: Any, lanes: types.Type) -> Any:
    """Pointer to the array's item at a position, as a pointer to lanes where lanes are meant."""
    array = make_array(sig.args[0])(context, builder, args[0])
    pointer = builder.gep(array.data, [args[1]])
    return builder.bitcast(pointer, vector(lanes).as_pointer()) if isinstance(lanes, Lanes) else pointer


def is_row(array: types.Type) -> bool:
    if not isinstance(array, types.Array):
        return False
    return array.ndim == 1 and array.dtype == types.float64 and array.layout == "C"


def type_load(array: types.Type, position: types.Type, template: types.Type) -> Any:
    if not is_row(array) or not isinstance(position, types.Integer):
        return None
    return signature(shape_of(FLOAT, template), array, types.intp, template)


@teach(lanes_plain.load, type_load)
def lower_load(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.load(place(context, builder, sig, args, sig.return_type), align=8)


def type_store(array: types.Type, position: types.Type, value: types.Type) -> Any:
    if not is_row(array) or not array.mutable or not isinstance(position, types.Integer):
        return None
    shape = shape_of(FLOAT, value)
    if isinstance(value, Lanes) and value.kind != FLOAT:
        return None
    return signature(types.none, array, types.intp, shape)


@teach(lanes_plain.store, type_store)
def lower_store(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    builder.store(args[2], place(context, builder, sig, args, sig.args[2]), align=8)
    return context.get_dummy_value()
