"""Teaches numba the operators of lanes: arithmetic, comparison and logic between lanes and with scalars."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from numba.core import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin

from spv_sim.kernel.lanes_type import FLOAT, MASK, WORD, Lanes, admits

Typer = Callable[..., Any]


def common(first: types.Type, second: types.Type) -> Lanes | None:
    """The lanes that both operands become: equal lanes, or lanes and a scalar they admit."""
    for one, other in ((first, second), (second, first)):
        if isinstance(one, Lanes) and (one == other or admits(one, other)):
            return one
    return None


def teach(function: Any, arity: int, kinds: tuple[str, ...], result: str | None) -> None:
    """Types `function` over lanes of the given kinds; `result` None means the operands' own kind."""

    class Operator(AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
            if kws or len(args) != arity:
                return None
            lanes = common(args[0], args[-1])
            if lanes is None or lanes.kind not in kinds:
                return None
            return signature(lanes.of(result) if result else lanes, *([lanes] * arity))

    infer_global(function)(Operator)


def lower_float(function: Any, method: str) -> None:
    @lower_builtin(function, Lanes, Lanes)
    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, method)(*args)


def lower_arithmetic(function: Any, of_floats: str, of_words: str) -> None:
    @lower_builtin(function, Lanes, Lanes)
    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, of_floats if sig.args[0].kind == FLOAT else of_words)(*args)


def lower_comparison(function: Any, symbol: str) -> None:
    @lower_builtin(function, Lanes, Lanes)
    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        if sig.args[0].kind == FLOAT:
            # Not-equal is true of nan, every other comparison with nan is false: as Python has it.
            compare = builder.fcmp_unordered if symbol == "!=" else builder.fcmp_ordered
        else:
            compare = builder.icmp_unsigned
        bits = compare(symbol, *args)
        return builder.sext(bits, context.get_value_type(sig.return_type))


ARITHMETIC = (
    (operator.add, operator.iadd, "fadd", "add"),
    (operator.sub, operator.isub, "fsub", "sub"),
    (operator.mul, operator.imul, "fmul", "mul"),
)
COMPARISONS = (
    (operator.lt, "<"),
    (operator.le, "<="),
    (operator.gt, ">"),
    (operator.ge, ">="),
    (operator.eq, "=="),
    (operator.ne, "!="),
)
LOGIC = (
    (operator.and_, operator.iand, "and_"),
    (operator.or_, operator.ior, "or_"),
    (operator.xor, operator.ixor, "xor"),
)
SHIFTS = ((operator.lshift, operator.ilshift, "shl"), (operator.rshift, operator.irshift, "lshr"))

for plain, in_place, of_floats, of_words in ARITHMETIC:
    for each in (plain, in_place):
        teach(each, 2, (FLOAT, WORD), None)
        lower_arithmetic(each, of_floats, of_words)
for each in (operator.truediv, operator.itruediv):
    teach(each, 2, (FLOAT,), None)
    lower_float(each, "fdiv")
for each, symbol in COMPARISONS:
    teach(each, 2, (FLOAT, WORD), MASK)
    lower_comparison(each, symbol)
for plain, in_place, method in LOGIC:
    for each in (plain, in_place):
        teach(each, 2, (WORD, MASK), None)
        lower_float(each, method)
for plain, in_place, method in SHIFTS:
    for each in (plain, in_place):
        teach(each, 2, (WORD,), None)
        lower_float(each, method)

teach(operator.neg, 1, (FLOAT,), None)
teach(operator.pos, 1, (FLOAT,), None)
teach(operator.invert, 1, (WORD, MASK), None)


@lower_builtin(operator.neg, Lanes)
def lower_negative(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.fneg(args[0])


@lower_builtin(operator.pos, Lanes)
def lower_positive(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return args[0]


@lower_builtin(operator.invert, Lanes)
def lower_invert(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return builder.not_(args[0])
