"""Draws by address: a random number is a pure function of (seed, path, step, block) and nothing else."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import from_bits, sqrt, word
from spv_sim.kernel.vmath import log_positive, sincos2pi


class Factor(IntEnum):
    """What is drawn. Append only: a number once given names the same draws for ever."""

    GPU_PRICE = 0
    LEASE_RATE = 1
    GPU_JUMP = 2
    LESSEE_DEFAULT = 3
    GPU_JUMP_COUNT = 4
    SHORT_RATE = 5
    SHORT_RATE_INTEGRAL = 6
    LESSEE_CREDIT = 7
    LESSEE_BRIDGE = 8
    REGULATORY_COUNT = 9
    REGULATORY_TIME = 10
    REGULATORY_SEVERITY = 11
    GUARANTOR_DEFAULT = 12
    PURCHASE = 13
    EARLY_TERMINATION = 14
    UTILISATION = 15
    RELEASE_TIME = 16
    RELEASE_SIZE = 17
    LESSEE_OUTCOME = 18
    LESSEE_GUARANTOR = 19
    LESSEE_RANK = 20
    CLAIM_RECOVERY = 21
    GPU_EXPONENTIAL_JUMP = 22
    UNIT_FAILURES = 23
    FAILURE_SHOCK = 24
    CASUALTY_COUNT = 25


# One Philox block answers two normals or four uniforms of 32 bits. Append only, like the factors.
PRICE_BLOCK = 0  # normal_pair: GPU_PRICE, LEASE_RATE
JUMP_BLOCK = 1  # two_normals: GPU_JUMP of two steps
DEFAULT_BLOCK = 2  # uniform: LESSEE_DEFAULT, at step 0
JUMP_COUNT_BLOCK = 3  # four_uniforms: GPU_JUMP_COUNT of four steps
RATE_BLOCK = 4  # normal_pair: SHORT_RATE, SHORT_RATE_INTEGRAL
CREDIT_BLOCK = 5  # two_normals: LESSEE_CREDIT of two steps
BRIDGE_BLOCK = 6  # four_uniforms: LESSEE_BRIDGE of four steps
SHOCK_COUNT_BLOCK = 7  # four_uniforms: REGULATORY_COUNT of four steps
SHOCK_BLOCK = 8  # uniform_pair: REGULATORY_TIME, REGULATORY_SEVERITY of one shock
# four_uniforms at step 0: GUARANTOR_DEFAULT, PURCHASE, EARLY_TERMINATION, LESSEE_OUTCOME
CONTRACT_BLOCK = 9
UTILISATION_BLOCK = 10  # two_normals: UTILISATION of two steps
RELEASE_BLOCK = 11  # uniform_pair: RELEASE_TIME, RELEASE_SIZE, the step being the number of the release
LESSEE_GUARANTOR_BLOCK = 12  # uniform_pair at step 0: LESSEE_GUARANTOR, LESSEE_RANK
RECOVERY_BLOCK = 13  # uniform at step 0: CLAIM_RECOVERY
EXPONENTIAL_JUMP_BLOCK = 14  # uniform: GPU_EXPONENTIAL_JUMP, eight steps a month
FAILURE_BLOCK = 15  # uniform_pair: UNIT_FAILURES, FAILURE_SHOCK, at a step for each cohort and month
CASUALTY_BLOCK = 16  # uniform: CASUALTY_COUNT

BLOCK_OF = {
    Factor.GPU_PRICE: PRICE_BLOCK,
    Factor.LEASE_RATE: PRICE_BLOCK,
    Factor.GPU_JUMP: JUMP_BLOCK,
    Factor.LESSEE_DEFAULT: DEFAULT_BLOCK,
    Factor.GPU_JUMP_COUNT: JUMP_COUNT_BLOCK,
    Factor.SHORT_RATE: RATE_BLOCK,
    Factor.SHORT_RATE_INTEGRAL: RATE_BLOCK,
    Factor.LESSEE_CREDIT: CREDIT_BLOCK,
    Factor.LESSEE_BRIDGE: BRIDGE_BLOCK,
    Factor.REGULATORY_COUNT: SHOCK_COUNT_BLOCK,
    Factor.REGULATORY_TIME: SHOCK_BLOCK,
    Factor.REGULATORY_SEVERITY: SHOCK_BLOCK,
    Factor.GUARANTOR_DEFAULT: CONTRACT_BLOCK,
    Factor.PURCHASE: CONTRACT_BLOCK,
    Factor.EARLY_TERMINATION: CONTRACT_BLOCK,
    Factor.UTILISATION: UTILISATION_BLOCK,
    Factor.RELEASE_TIME: RELEASE_BLOCK,
    Factor.RELEASE_SIZE: RELEASE_BLOCK,
    Factor.LESSEE_OUTCOME: CONTRACT_BLOCK,
    Factor.LESSEE_GUARANTOR: LESSEE_GUARANTOR_BLOCK,
    Factor.LESSEE_RANK: LESSEE_GUARANTOR_BLOCK,
    Factor.CLAIM_RECOVERY: RECOVERY_BLOCK,
    Factor.GPU_EXPONENTIAL_JUMP: EXPONENTIAL_JUMP_BLOCK,
    Factor.UNIT_FAILURES: FAILURE_BLOCK,
    Factor.FAILURE_SHOCK: FAILURE_BLOCK,
    Factor.CASUALTY_COUNT: CASUALTY_BLOCK,
}

STEPS_OF_TWO = 2
"""Steps that share the block of `two_normals`."""

STEPS_OF_FOUR = 4
"""Steps that share the block of `four_uniforms`."""

LOW = 0xFFFFFFFF
MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85

# A mantissa under this exponent is a float in [1, 2); less this, one in the open interval (0, 1).
ONE = 0x3FF0000000000000
BEFORE_ONE_52 = 1.0 - 2.0**-53
BEFORE_ONE_32 = 1.0 - 2.0**-33


@jit
def philox_round(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """One round and the next round's key.

    Only the low 32 bits of each word count: what a product leaves above them is cut when it is read.
    """
    first = (c0 & word(LOW)) * word(MULTIPLIER_0)
    second = (c2 & word(LOW)) * word(MULTIPLIER_1)
    return (
        (second >> word(32)) ^ (c1 ^ k0),
        second,
        (first >> word(32)) ^ (c3 ^ k1),
        first,
        (k0 + word(WEYL_0)) & word(LOW),
        (k1 + word(WEYL_1)) & word(LOW),
    )


@jit
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Philox4x32-10: four 32-bit words from a counter of four and a key of two, each in a 64-bit word.

    Source: J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC11 (2011).
    """
    # Written out, because a loop over lanes of loop-carried words is not unrolled and spills its registers.
    a, b, c, d, k0, k1 = philox_round(c0, c1, c2, c3, k0, k1)
    a, b, c, d, k0, k1 = philox_round(a, b, c, d, k0, k1)
    a, b, c, d, k0, k1 = philox_round(a, b, c, d, k0, k1)
    a, b, c, d, k0, k1 = philox_round(a, b, c, d, k0, k1)
    a, b, c, d, k0, k1 = philox_round(a, b, c, d, k0, k1)
    a, b, c, d, k0, k1 = philox_round(a, b, c, d, k0, k1)
    a, b, c, d, k0, k1 = philox_round(a, b, c, d, k0, k1)
    a, b, c, d, k0, k1 = philox_round(a, b, c, d, k0, k1)
    a, b, c, d, k0, k1 = philox_round(a, b, c, d, k0, k1)
    a, b, c, d, _, _ = philox_round(a, b, c, d, k0, k1)
    low = word(LOW)
    return a & low, b & low, c & low, d & low


@jit
def block_words(seed: Any, path: Any, step: Any, block: Any) -> Any:
    """The four words at an address: seed in the key, path, step and block in the counter."""
    low = word(LOW)
    whole_path = word(path)
    whole_seed = word(seed)
    return philox(
        whole_path & low,
        whole_path >> word(32),
        word(step) & low,
        word(block) & low,
        whole_seed & low,
        whole_seed >> word(32),
    )


@jit
def uniform_52(high: Any, rest: Any) -> Any:
    """(w + ½) / 2⁵² of the 52 bits w of two words: in (0, 1), never at either end."""
    mantissa = (high << word(20)) | (rest >> word(12))
    return from_bits(mantissa | word(ONE)) - BEFORE_ONE_52


@jit
def uniform_32(high: Any) -> Any:
    """(w + ½) / 2³² of one word w."""
    return from_bits((high << word(20)) | word(ONE)) - BEFORE_ONE_32


@jit
def radius(u: Any) -> Any:
    """Distance from the origin of two independent standard normals, from a uniform."""
    return sqrt(-2.0 * log_positive(u))


@jit
def normal_pair(seed: Any, path: Any, step: Any, block: Any) -> Any:
    """Two independent standard normals at an address, by Box and Muller's transform."""
    w0, w1, w2, w3 = block_words(seed, path, step, block)
    distance = radius(uniform_52(w0, w1))
    x, y = sincos2pi(uniform_52(w2, w3))
    return distance * x, distance * y


@jit
def two_normals(seed: Any, path: Any, step: Any, block: Any) -> Any:
    """What `normal_of_step` needs in this step and in the one that shares its half."""
    return normal_pair(seed, path, step // STEPS_OF_TWO, block)


@jit
def next_two_normals(pair: Any, seed: Any, path: Any, step: Any, block: Any) -> Any:
    """The pair at hand, or a new one where it has served its steps; `step` follows the one before."""
    if step % STEPS_OF_TWO == 0:
        pair = two_normals(seed, path, step, block)
    return pair


@jit
def normal_of_step(pair: Any, step: Any) -> Any:
    """The step's own standard normal of `two_normals`."""
    first, second = pair
    return second if step % STEPS_OF_TWO else first


@jit
def four_uniforms(seed: Any, path: Any, step: Any, block: Any) -> Any:
    """What `uniform_of_step` needs in this step and in those that share its quotient by four."""
    return block_words(seed, path, step // STEPS_OF_FOUR, block)


@jit
def next_four_uniforms(words: Any, seed: Any, path: Any, step: Any, block: Any) -> Any:
    """The words at hand, or new ones where they have served their steps; `step` follows the one before."""
    if step % STEPS_OF_FOUR == 0:
        words = four_uniforms(seed, path, step, block)
    return words


@jit
def uniform_of_step(words: Any, step: Any) -> Any:
    """The step's own 32-bit uniform in (0, 1) of `four_uniforms`."""
    first, second, third, fourth = words
    which = step % STEPS_OF_FOUR
    chosen = first
    if which == 1:
        chosen = second
    if which == 2:
        chosen = third
    if which == 3:
        chosen = fourth
    return uniform_32(chosen)


@jit
def uniform(seed: Any, path: Any, step: Any, block: Any) -> Any:
    """A 52-bit uniform in (0, 1) at an address."""
    w0, w1, _, _ = block_words(seed, path, step, block)
    return uniform_52(w0, w1)


@jit
def uniform_pair(seed: Any, path: Any, step: Any, block: Any) -> Any:
    """Two independent 52-bit uniforms in (0, 1) at an address."""
    w0, w1, w2, w3 = block_words(seed, path, step, block)
    return uniform_52(w0, w1), uniform_52(w2, w3)
