"""The market a path lives in: GPU price, lease rate and lessee credit, moved together by one month."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like
from spv_sim.kernel.rng import (
    DEFAULT_BLOCK,
    PRICE_BLOCK,
    normal_pair,
    uniform,
)
from spv_sim.kernel.vmath import exp
from spv_sim.market.contract import ContractDraws, ContractTerms, draw_contract
from spv_sim.market.credit import CreditTerms, default_threshold, first_unpaid_month
from spv_sim.market.gpu_price import (
    GpuPriceTerms,
    JumpDraws,
    draw_jumps,
    jump_log_size,
    open_jumps,
    resale_price,
)
from spv_sim.market.lease_rate import LeaseRateTerms, move_log_rate
from spv_sim.market.utilisation import UtilisationTerms, move_utilisation, utilisation


class MarketTerms(NamedTuple):
    """Everything the market step needs; shared by every deal on the same market.

    rate_on_price, rate_alone : loadings of the lease rate's normal on the GPU price's and on its own.
    """

    gpu_price: GpuPriceTerms
    lease_rate: LeaseRateTerms
    credit: CreditTerms
    rate_on_price: float
    rate_alone: float
    contract: ContractTerms
    utilisation: UtilisationTerms


class MarketState(NamedTuple):
    """What a path remembers of the market; the month of the lessee's default is settled at closing."""

    log_price_noise: Any
    log_lease_rate: Any
    default_month: Any
    jumps: JumpDraws
    contract: ContractDraws
    logit_utilisation: Any


class Market(NamedTuple):
    """What a deal sees of the market in one month."""

    price: Any
    lease_rate: Any
    log_lease_rate: Any
    utilisation: Any
    default_month: Any
    contract: ContractDraws


@jit
def draw_default_month(terms: MarketTerms, seed: Any, path: Any) -> Any:
    """Month of the lessee's default: its threshold is the one draw of step 0."""
    threshold = default_threshold(uniform(seed, path, 0, DEFAULT_BLOCK))
    return first_unpaid_month(terms.credit, threshold)


@jit
def open_market(terms: MarketTerms, seed: Any, path: Any) -> MarketState:
    """State at closing."""
    default_month = draw_default_month(terms, seed, path)
    return MarketState(
        log_price_noise=like(default_month, 0.0),
        log_lease_rate=like(default_month, terms.lease_rate.initial),
        default_month=default_month,
        jumps=open_jumps(seed, path),
        contract=draw_contract(terms.contract, seed, path),
        logit_utilisation=like(default_month, terms.utilisation.initial),
    )


@jit
def move_market(terms: MarketTerms, month: int, seed: Any, path: Any, state: MarketState) -> MarketState:
    """Factors from the month before to this one."""
    price_normal, own_normal = normal_pair(seed, path, month, PRICE_BLOCK)
    noise = state.log_price_noise + terms.gpu_price.step_volatility * price_normal
    jumps = state.jumps
    if len(terms.gpu_price.jump_count_cdf) > 0:
        jumps = draw_jumps(month, seed, path, jumps)
        noise = noise + jump_log_size(terms.gpu_price, month, jumps)
    rate_normal = terms.rate_on_price * price_normal + terms.rate_alone * own_normal
    return MarketState(
        log_price_noise=noise,
        log_lease_rate=move_log_rate(terms.lease_rate, month, state.log_lease_rate, rate_normal),
        default_month=state.default_month,
        jumps=jumps,
        contract=state.contract,
        logit_utilisation=move_utilisation(terms.utilisation, month, seed, path, state.logit_utilisation),
    )


@jit
def observe(terms: MarketTerms, month: int, state: MarketState, settles: bool) -> Market:
    """Price and rate that the month's contracts settle on; zero in a month in which nothing does."""
    if not settles:
        none = like(state.log_lease_rate, 0.0)
        return Market(none, none, state.log_lease_rate, none, state.default_month, state.contract)
    defaulted = state.default_month <= month
    return Market(
        price=resale_price(terms.gpu_price, month, state.log_price_noise, defaulted),
        lease_rate=exp(state.log_lease_rate),
        log_lease_rate=state.log_lease_rate,
        utilisation=utilisation(terms.utilisation, state.logit_utilisation),
        default_month=state.default_month,
        contract=state.contract,
    )
