"""The numba type of a SIMD value: a fixed number of float, word or mask lanes held as one LLVM vector."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.datamodel import models
from numba.core.typeconv import Conversion
from numba.extending import lower_cast, register_model

FLOAT = "float"
WORD = "word"
MASK = "mask"

I64 = ir.IntType(64)


class Lanes(types.Type):
    """`count` lanes of one kind: float (float64), word (uint64) or mask (all bits of a lane set, or none).

    Masks are 64 bits wide, so that they live through loops and branches in the registers that compare and
    select read, without packing.
    """

    def __init__(self, kind: str, count: int) -> None:
        self.kind = kind
        self.count = count
        super().__init__(name=f"lanes({kind} x {count})")

    @property
    def key(self) -> tuple[str, int]:
        return self.kind, self.count

    def of(self, kind: str) -> Lanes:
        """Lanes of another kind, as many."""
        return Lanes(kind, self.count)

    def can_convert_from(self, typingctx: Any, other: types.Type) -> Conversion | None:
        return Conversion.safe if admits(self, other) else None

    def unify(self, typingctx: Any, other: types.Type) -> Lanes | None:
        return self if admits(self, other) else None


def admits(lanes: Lanes, scalar: types.Type) -> bool:
    """Whether a scalar of this type may be repeated over these lanes."""
    if lanes.kind == MASK:
        return isinstance(scalar, types.Boolean)
    if lanes.kind == WORD:
        return isinstance(scalar, types.Integer)
    return isinstance(scalar, types.Float | types.Integer)


def element(lanes: Lanes) -> ir.Type:
    """LLVM type of one lane."""
    return ir.DoubleType() if lanes.kind == FLOAT else I64


def vector(lanes: Lanes) -> ir.VectorType:
    """LLVM type of all lanes."""
    return ir.VectorType(element(lanes), lanes.count)


def splat(builder: ir.IRBuilder, scalar: ir.Value, count: int) -> ir.Value:
    """One scalar repeated over `count` lanes."""
    shape = ir.VectorType(scalar.type, count)
    if isinstance(scalar, ir.Constant):
        return ir.Constant(shape, [scalar] * count)
    empty = ir.Constant(shape, ir.Undefined)
    first = builder.insert_element(empty, scalar, ir.IntType(32)(0))
    everywhere = ir.Constant(ir.VectorType(ir.IntType(32), count), [0] * count)
    return builder.shuffle_vector(first, empty, everywhere)


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: Lanes) -> None:
        super().__init__(dmm, fe_type, vector(fe_type))


@lower_cast(types.Float, Lanes)
@lower_cast(types.Integer, Lanes)
def repeat_number(context: Any, builder: Any, fromty: types.Type, toty: Lanes, value: Any) -> Any:
    scalar = types.float64 if toty.kind == FLOAT else types.uint64
    return splat(builder, context.cast(builder, value, fromty, scalar), toty.count)


@lower_cast(types.Boolean, Lanes)
def repeat_truth(context: Any, builder: Any, fromty: types.Type, toty: Lanes, value: Any) -> Any:
    return splat(builder, builder.sext(value, I64), toty.count)
