"""Collects the stream of paths: all values up to a number of paths, summaries in constant memory beyond."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spv_sim.engine.summing import BLOCK
from spv_sim.results.loss_share_estimates import WorstPaths
from spv_sim.results.sample import KeptSample, Sample, StreamedSample
from spv_sim.results.stakeholder import Array
from spv_sim.results.stream import Counts, Stream
from spv_sim.results.variable import Variable

KEEP = 1_000_000
BATCHES = 32
"""Batches of blocks where the blocks bring none of their own."""

SORTED_SAMPLES = 8
"""Variables held in order at a time: each is as large as its column."""

FIRST_ALLOTMENT = 16 * BLOCK


@dataclass(frozen=True)
class FlowSums:
    """Monthly flows of a stakeholder, summed over the paths of each batch.

    Parameters
    ----------
    sums : (months + 1, batches) float64 [USD].
    batch_paths : (batches,) paths of each batch.
    """

    sums: Array
    batch_paths: Counts

    @property
    def mean(self) -> Array:
        """(months + 1,) mean flow [USD]."""
        return np.asarray(self.sums.sum(axis=1) / self.batch_paths.sum())

    def add_block(self, sums: Array, block: int, paths: int) -> None:
        """Add a block: its own batches side by side, or all of it to one batch, block after block in turn."""
        batches = self.sums.shape[1]
        if sums.ndim == 1:
            self.sums[:, block % batches] += sums
            self.batch_paths[block % batches] += paths
        else:
            self.sums[:] += sums
            self.batch_paths[:] += (paths - np.arange(batches) + batches - 1) // batches


@dataclass(frozen=True)
class Collected:
    """What all paths left behind.

    Parameters
    ----------
    paths : number of paths.
    columns : (kept,) float64 by name, the values of the first paths.
    followed : the variables by name.
    flows : sums of monthly flows by stakeholder.
    stream : summary of all paths; None where the columns hold every path.
    samples, worst : what has been asked for already: variables, and the deal's worst paths by level.
    """

    paths: int
    columns: Mapping[str, Array]
    followed: Mapping[str, Variable]
    flows: Mapping[str, FlowSums]
    stream: Stream | None = None
    samples: dict[str, Sample] = field(default_factory=dict, repr=False, compare=False)
    worst: dict[float, WorstPaths] = field(default_factory=dict, repr=False, compare=False)

    @property
    def kept(self) -> int:
        """Number of paths whose values are kept."""
        return min((len(column) for column in self.columns.values()), default=0)

    def sample(self, name: str) -> Sample:
        """A variable over all paths; the latest ones stay sorted."""
        if name not in self.samples:
            if len(self.samples) == SORTED_SAMPLES:
                del self.samples[next(iter(self.samples))]
            if self.stream is None:
                self.samples[name] = KeptSample(self.followed[name].values(self.columns))
            else:
                self.samples[name] = StreamedSample(self.stream.summaries[name])
        return self.samples[name]


class Collector:
    """Takes blocks of paths in order; the result does not depend on how many blocks a call carries.

    Parameters
    ----------
    followed : the variables, see `variables`.
    keep : paths up to which all values are kept; where there are more, the whole blocks within `keep` stay as
        columns and every estimate is made from summaries of all paths.
    paths : number of paths to come, where known: spares the growing of arrays.

    Limits
    ------
    Summaries know quantiles to half a bin (`Variable.width`), which the estimates state.
    """

    def __init__(self, followed: Sequence[Variable], keep: int = KEEP, paths: int | None = None) -> None:
        self.followed = tuple(followed)
        self.names = tuple(of.name for of in self.followed if of.derive is None)
        self.keep = keep
        self.paths = 0
        self.kept = 0
        allotment = min(FIRST_ALLOTMENT if paths is None else paths, keep)
        self.values = np.empty((len(self.names), allotment))
        self.flows: dict[str, FlowSums] = {}
        self.stream: Stream | None = None

    def add(self, first_path: int, columns: Mapping[str, Array], flow_sums: Mapping[str, Array]) -> None:
        """Take the next paths.

        Parameters
        ----------
        first_path : address of the first, which continues where the last call ended.
        columns : (n,) float64 by name; n a multiple of 4,096 except in the last call.
        flow_sums : (blocks, months + 1, batches) or (blocks, months + 1) float64 by stakeholder: monthly
            flows summed over the paths of a block with the same number modulo `batches`, or over all of
            them [USD].

        Raises
        ------
        ValueError : the paths do not continue, or do not come in whole blocks.
        """
        block = np.array([columns[name] for name in self.names])
        if first_path != self.paths or first_path % BLOCK:
            raise ValueError(f"paths from {first_path} do not follow {self.paths} paths in whole blocks")
        for start in range(0, block.shape[1], BLOCK):
            self.add_block(block[:, start : start + BLOCK])
        for name, blocks in flow_sums.items():
            if len(blocks) != -(-block.shape[1] // BLOCK):
                raise ValueError(f"{len(blocks)} sums of {name} for {block.shape[1]} paths")
            if name not in self.flows:
                batches = blocks.shape[2] if blocks.ndim == 3 else BATCHES
                self.flows[name] = FlowSums(np.zeros((blocks.shape[1], batches)), np.zeros(batches, np.int64))
            for index, sums in enumerate(blocks):
                start = index * BLOCK
                paths = min(BLOCK, block.shape[1] - start)
                self.flows[name].add_block(sums, (first_path + start) // BLOCK, paths)

    def add_block(self, block: Array) -> None:
        """Keep a block while there is room, summarise it and all before it once there is none."""
        end = self.paths + block.shape[1]
        if self.stream is None and end <= self.keep:
            if end > self.values.shape[1]:
                grown = np.empty((len(self.names), min(2 * end, self.keep)))
                grown[:, : self.kept] = self.values[:, : self.kept]
                self.values = grown
            self.values[:, self.kept : end] = block
            self.kept = end
        else:
            if self.stream is None:
                self.stream = Stream(self.followed)
                for start in range(0, self.kept, BLOCK):
                    kept = self.values[:, start : min(start + BLOCK, self.kept)]
                    self.stream.add(dict(zip(self.names, kept, strict=True)))
            self.stream.add(dict(zip(self.names, block, strict=True)))
        self.paths = end

    def finish(self) -> Collected:
        """What has been collected; the collector takes no more afterwards.

        Raises
        ------
        ValueError : no path came.
        """
        if self.paths == 0:
            raise ValueError("no path was collected")
        if self.stream is not None:
            self.stream.record()
        return self.so_far()

    def so_far(self) -> Collected:
        """What has been collected, to be asked before the next paths come: it shares their arrays."""
        return Collected(
            paths=self.paths,
            columns={name: self.values[row, : self.kept] for row, name in enumerate(self.names)},
            followed={of.name: of for of in self.followed},
            flows=dict(self.flows),
            stream=self.stream,
        )
