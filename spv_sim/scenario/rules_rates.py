"""Rules of the rates table: a curve that discounts, and a model with its parameters."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.deal import Deal
from spv_sim.scenario.grid import LONGEST_GRID, Grid
from spv_sim.scenario.lease import Lease
from spv_sim.scenario.locate import Path
from spv_sim.scenario.rates import Rates

PARAMETERS = ("mean_reversion", "volatility")


def check_rates(tables: Tables) -> Iterator[Breach]:
    """The model has its parameters, the curve falls, and days are counted only from a date."""
    rates = tables.take("rates", Rates)
    if rates is None:
        return
    yield from _check_model(rates)
    yield from _check_curve(rates, tables)
    deal = tables.take("deal", Deal)
    if rates.day_count != "30/360" and deal and deal.closing is None:
        message = f'rates.day_count: "{rates.day_count}" counts days and needs the date deal.closing'
        yield Breach(("rates", "day_count"), message)


def _check_model(rates: Rates) -> Iterator[Breach]:
    if rates.rate_risk and rates.measure == "Q":
        message = 'rates.rate_risk has a meaning only with rates.measure = "P"'
        yield Breach(("rates", "rate_risk"), message, key=True)
    if rates.model == "hull_white" and "measure" not in rates.model_fields_set:
        message = (
            'rates.measure: rates are taken under "Q", so that forward rates come true on average; say it'
        )
        yield Breach(("rates", "measure"), message, None)
    if rates.measure == "P" and rates.model == "none":
        message = (
            'rates.measure: "P" needs rates that move; with rates.model = "none" forward rates come true'
        )
        yield Breach(("rates", "measure"), message)
    for name in PARAMETERS:
        given = getattr(rates, name) is not None
        if rates.model == "hull_white" and not given:
            message = f'rates.{name} is required with rates.model = "hull_white"'
            yield Breach(("rates", name), message, "missing-key")
        if rates.model == "none" and given:
            message = f'rates.{name} has a meaning only with rates.model = "hull_white"'
            yield Breach(("rates", name), message, key=True)


def _check_curve(rates: Rates, tables: Tables) -> Iterator[Breach]:
    at: Path = ("rates", "curve")
    faults = list(rates.curve.faults())
    for inner, words in faults:
        yield Breach((*at, *inner), f"{_key(at, inner)}: {words}", key=bool(inner))
    if faults:
        return
    lease, grid = tables.take("lease", Lease), tables.take("grid", Grid)
    months = min(grid.construction + lease.term + grid.tail, LONGEST_GRID) if lease and grid else 1
    if not rates.allow_negative:
        for inner, words in rates.curve.rises(months):
            help = "set rates.allow_negative = true if forward rates below zero are meant"
            yield Breach((*at, *inner), f"{_key(at, inner)}: {words}", help=help)
    if lease and grid:
        for caution in rates.curve.cautions(months):
            yield Breach(at, f"rates.curve: {caution}", None)


def _key(at: Path, inner: tuple[str, ...]) -> str:
    return ".".join(map(str, (*at, *inner)))
