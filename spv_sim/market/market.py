"""The market a path lives in: GPU price, lease rate, short rate and lessee credit, moved by one month."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like
from spv_sim.kernel.rng import PRICE_BLOCK, RATE_BLOCK, normal_of_step, normal_pair
from spv_sim.kernel.vmath import exp
from spv_sim.market.contract import ContractDraws, ContractTerms, draw_contract
from spv_sim.market.credit import CreditTerms, draw_first_unpaid_month
from spv_sim.market.credit_draws import draw_credit_normals, open_credit_normals
from spv_sim.market.failures import Failures, FailureTerms
from spv_sim.market.gpu_price import (
    GpuPriceTerms,
    JumpDraws,
    draw_jumps,
    jump_log_size,
    open_jumps,
    resale_price,
)
from spv_sim.market.lease_rate import LeaseRateTerms, move_log_rate
from spv_sim.market.release import ReleaseTerms, release_jumps
from spv_sim.market.short_rate import (
    ShortRateLoadings,
    ShortRateState,
    ShortRateTerms,
    move_short_rate,
    open_short_rate,
    short_rate_normals,
)
from spv_sim.market.utilisation import (
    UtilisationState,
    UtilisationTerms,
    move_utilisation,
    open_utilisation,
    utilisation,
)


class MarketTerms(NamedTuple):
    """Everything the market step needs; shared by every deal on the same market.

    rate_on_price, rate_alone : loadings of the lease rate's normal on the GPU price's own and on its own.
    follows_credit : whether price or rates load on the normal of the lessee's credit.
    price_on_credit, price_alone, rate_on_credit : the loadings where they do.
    short_rate_loadings : of the short rate's normals on those of credit, price, lease rate and its own.
    """

    gpu_price: GpuPriceTerms
    lease_rate: LeaseRateTerms
    release: ReleaseTerms
    credit: CreditTerms
    rate_on_price: float
    rate_alone: float
    follows_credit: bool
    price_on_credit: float
    price_alone: float
    rate_on_credit: float
    short_rate: ShortRateTerms
    short_rate_loadings: ShortRateLoadings
    contract: ContractTerms
    utilisation: UtilisationTerms
    failures: FailureTerms


class MarketState(NamedTuple):
    """What a path remembers of the market; the month of the lessee's default is settled at closing."""

    log_price_noise: Any
    log_lease_rate: Any
    default_month: Any
    jumps: JumpDraws
    short_rate: ShortRateState
    credit_normals: Any
    contract: ContractDraws
    utilisation: UtilisationState
    failures: Failures


class Market(NamedTuple):
    """What a deal sees of the market in one month."""

    price: Any
    lease_rate: Any
    log_lease_rate: Any
    utilisation: Any
    default_month: Any
    short_rate: ShortRateState
    contract: ContractDraws
    failures: Failures


@jit
def draw_default_month(terms: MarketTerms, seed: Any, path: Any) -> Any:
    """Month of the lessee's default, from the address alone, before the path is run."""
    return draw_first_unpaid_month(terms.credit, seed, path)


@jit
def open_market(terms: MarketTerms, seed: Any, path: Any, default_month: Any) -> MarketState:
    """State at closing; the month of default is that of `draw_default_month`."""
    return MarketState(
        log_price_noise=like(default_month, 0.0),
        log_lease_rate=like(default_month, terms.lease_rate.initial),
        default_month=default_month,
        jumps=open_jumps(seed, path),
        short_rate=open_short_rate(default_month),
        credit_normals=open_credit_normals(terms.follows_credit, seed, path),
        contract=draw_contract(terms.contract, seed, path, default_month),
        utilisation=open_utilisation(terms.utilisation, seed, path),
        failures=Failures(terms.failures, seed, path),
    )


@jit
def move_market(terms: MarketTerms, month: int, seed: Any, path: Any, state: MarketState) -> MarketState:
    """Factors from the month before to this one."""
    price_own, rate_own = normal_pair(seed, path, month, PRICE_BLOCK)
    price_normal = price_own
    rate_normal = terms.rate_on_price * price_own + terms.rate_alone * rate_own
    credit_normals = state.credit_normals
    lessee = like(price_own, 0.0)  # of a credit without a normal, or that nothing loads on
    if terms.follows_credit:
        credit_normals = draw_credit_normals(month, seed, path, credit_normals)
        lessee = normal_of_step(credit_normals, month)
        price_normal = terms.price_on_credit * lessee + terms.price_alone * price_own
        rate_normal = terms.rate_on_credit * lessee + rate_normal
    noise = state.log_price_noise + terms.gpu_price.step_volatility * price_normal
    jumps = state.jumps
    if len(terms.gpu_price.jump_count_cdf) > 0:
        jumps = draw_jumps(month, seed, path, jumps)
        noise = noise + jump_log_size(terms.gpu_price, month, seed, path, jumps)
    log_lease_rate = move_log_rate(terms.lease_rate, month, state.log_lease_rate, rate_normal)
    if len(terms.release.mean) > 0:
        on_price, on_rents = release_jumps(terms.release, month, seed, path)
        noise, log_lease_rate = noise + on_price, log_lease_rate + on_rents
    short_rate = state.short_rate
    if terms.short_rate.step_volatility > 0.0:
        first, second = normal_pair(seed, path, month, RATE_BLOCK)
        first, second = short_rate_normals(
            terms.short_rate_loadings, lessee, price_own, rate_own, first, second
        )
        short_rate = move_short_rate(terms.short_rate, short_rate, first, second)
    return MarketState(
        log_price_noise=noise,
        log_lease_rate=log_lease_rate,
        default_month=state.default_month,
        jumps=jumps,
        short_rate=short_rate,
        credit_normals=credit_normals,
        contract=state.contract,
        utilisation=move_utilisation(terms.utilisation, month, seed, path, state.utilisation),
        failures=state.failures,
    )


@jit
def observe(terms: MarketTerms, month: int, state: MarketState, settles: bool) -> Market:
    """What the month's contracts settle on; price and lease rate are zero in a month in which none does."""
    short_rate = state.short_rate
    if not settles:
        none = like(state.log_lease_rate, 0.0)
        return Market(
            price=none,
            lease_rate=none,
            log_lease_rate=state.log_lease_rate,
            utilisation=none,
            default_month=state.default_month,
            short_rate=short_rate,
            contract=state.contract,
            failures=state.failures,
        )
    defaulted = state.default_month <= month
    return Market(
        price=resale_price(terms.gpu_price, month, state.log_price_noise, defaulted),
        lease_rate=exp(state.log_lease_rate),
        log_lease_rate=state.log_lease_rate,
        utilisation=utilisation(terms.utilisation, state.utilisation.logit),
        default_month=state.default_month,
        short_rate=short_rate,
        contract=state.contract,
        failures=state.failures,
    )
