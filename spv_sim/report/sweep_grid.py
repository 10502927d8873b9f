"""The points of a sweep as arrays over its grid, and where metrics pass a level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np

from spv_sim.analysis.sweep.break_even import passings
from spv_sim.report.material import Floats
from spv_sim.report.text import line


class Grid:
    """A sweep's document seen as a grid.

    Attributes
    ----------
    axes : the varied settings, as the document has them.
    shape : number of steps of each.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.axes: list[dict[str, Any]] = document["axes"]
        self.points: list[dict[str, Any]] = document["points"]
        self.shape = tuple(len(axis["steps"]) for axis in self.axes)
        self.units = {own["name"]: own["unit"] for own in document["metrics"]}

    @property
    def numeric(self) -> list[int]:
        """Numbers of the axes whose values are numbers, two or more of them."""
        return [
            number
            for number, axis in enumerate(self.axes)
            if len(axis["steps"]) > 1 and all(step["value"] is not None for step in axis["steps"])
        ]

    def steps(self, axis: int) -> Floats:
        """(n,) values of a numeric axis in the stored unit."""
        return np.array([step["value"] for step in self.axes[axis]["steps"]], dtype=np.float64)

    def written(self, axis: int) -> list[str]:
        """Values of an axis as one would write them."""
        return [step["written"] for step in self.axes[axis]["steps"]]

    def labels(self, axis: int) -> tuple[list[str], str]:
        """The values of an axis as written, without their unit, and the axis's name with it."""
        written, name = self.written(axis), line(self.axes[axis]["title"], 40)
        units = {text.partition(" ")[2] for text in written}
        if axis not in self.numeric or len(units) != 1 or not (unit := units.pop()):
            return [line(text, 24) for text in written], name
        return [text.partition(" ")[0] for text in written], f"{name}, {unit}"

    def values(self, metric: str, field: str = "value") -> Floats:
        """(shape) float64 of a metric, or of its standard error; NaN where a point has none."""
        found = [point["metrics"].get(metric, {}).get(field) for point in self.points]
        return np.array([np.nan if own is None else own for own in found]).reshape(self.shape)

    def intervals(self, metric: str) -> Floats:
        """(2, shape) float64 ends of a metric's 95 % interval; NaN where a point has none."""
        found = [point["metrics"].get(metric, {}).get("ci95") or (None, None) for point in self.points]
        ends = [[np.nan if end is None else end for end in own] for own in found]
        return np.array(ends).T.reshape((2, *self.shape))

    def middle(self, free: tuple[int, ...]) -> tuple[Any, ...]:
        """An index that leaves some axes free, in their order, and holds the others in their middle."""
        return tuple(slice(None) if axis in free else n // 2 for axis, n in enumerate(self.shape))

    def held(self, free: tuple[int, ...]) -> dict[str, str]:
        """The settings that `middle` holds, as written; those of one value alone included."""
        index = self.middle(free)
        return {
            axis["key"]: axis["steps"][index[number]]["written"]
            for number, axis in enumerate(self.axes)
            if number not in free
        }

    def break_evens(self, contour: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Where the contour's metric passes its level along each numeric axis, at all values of others."""
        values, errors = self.values(contour["metric"]), self.values(contour["metric"], "standard_error")
        for along in self.numeric:
            others = [range(1) if axis == along else range(n) for axis, n in enumerate(self.shape)]
            for at in product(*others):
                line: tuple[Any, ...] = (*at[:along], slice(None), *at[along + 1 :])
                found = passings(self.steps(along), values[line], errors[line], contour["level"])
                yield {
                    "metric": contour["metric"],
                    "level": contour["level"],
                    "along": self.axes[along]["key"],
                    "unit": self.axes[along]["unit"],
                    "others": {
                        axis["key"]: axis["steps"][at[number]]["written"]
                        for number, axis in enumerate(self.axes)
                        if number != along
                    },
                    "at": [{"value": own.at, "standard_error": own.error} for own in found],
                }
