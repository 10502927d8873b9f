"""The deal of one vehicle of a programme: what all have in common, with the vehicle's own tables on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spv_sim.scenario.locate import Path, Place, Places
from spv_sim.scenario.programme import SHARED
from spv_sim.scenario.text import Layer


def vehicle_layers(layers: Sequence[Layer], name: str) -> list[Layer]:
    """The sources of a vehicle's deal; what it says itself keeps its place in the file.

    Parameters
    ----------
    layers : the sources of the programme, the oldest first.
    """
    last = max(layer.batch for layer in layers)
    common = [
        replace(layer, document={key: value for key, value in layer.document.items() if key != "spv"})
        for layer in layers
    ]
    return common + [own_layer(layer, name, last) for layer in layers if _of(layer, name)]


def own_layer(layer: Layer, name: str, last: int) -> Layer:
    """What a source says of one vehicle, as if of the deal, after all sources up to batch `last`."""
    places = Places(_inside(layer.places.keys, name), _inside(layer.places.values, name))
    return replace(layer, document=_of(layer, name), places=places, batch=1 + last + layer.batch)


def _of(layer: Layer, name: str) -> dict[str, object]:
    vehicles = layer.document.get("spv")
    own = vehicles.get(name) if isinstance(vehicles, dict) else None
    return {key: value for key, value in own.items() if key not in SHARED} if isinstance(own, dict) else {}


def _inside(places: dict[Path, Place], name: str) -> dict[Path, Place]:
    return {path[2:]: place for path, place in places.items() if path[:2] == ("spv", name)}
