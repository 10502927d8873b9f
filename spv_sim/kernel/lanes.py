"""One formula, any number of lanes: the names that mean the same on floats, numba scalars and SIMD lanes.

A width is a tuple of zeros: `(0,) * 16` asks for 16 lanes, `(0,)` for plain scalars. Only its type matters.
"""

from spv_sim.kernel import jit as _jit  # settles numba's cache before numba is imported
from spv_sim.kernel import lanes_lowering as _lowering  # registers the names below with numba
from spv_sim.kernel import lanes_operators as _operators  # registers + - * / < & … with numba
from spv_sim.kernel.lanes_plain import (
    absolute,
    all_of,
    any_of,
    bits,
    divide,
    floor,
    fma,
    from_bits,
    invert,
    lane,
    like,
    load,
    maximum,
    minimum,
    nearest,
    paths,
    sqrt,
    store,
    where,
    width_of,
    with_lane,
    word,
)

__all__ = [
    "absolute",
    "all_of",
    "any_of",
    "bits",
    "divide",
    "floor",
    "fma",
    "from_bits",
    "invert",
    "lane",
    "like",
    "load",
    "maximum",
    "minimum",
    "nearest",
    "paths",
    "sqrt",
    "store",
    "where",
    "width_of",
    "with_lane",
    "word",
]

del _jit, _lowering, _operators
