"""The deal of one vehicle of a programme: what all have in common, with the vehicle's own tables on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from spv_sim.scenario.locate import Path, Place, Places
from spv_sim.scenario.merge import merge
from spv_sim.scenario.programme import OWN, SHARED, TOLD
from spv_sim.scenario.text import Layer

APART = ("schema", "extends", "unset", "spv", "deal", "monte_carlo", "sweep")
"""Keys of a file that are of no market."""


def vehicle_layers(layers: Sequence[Layer], name: str) -> list[Layer]:
    """The sources of a vehicle's deal; what it says itself keeps its place in the file.

    A vehicle that extends a file takes of the programme's files the market alone, and of its own file all
    but the market. Assignments of the command line are for every vehicle.

    Parameters
    ----------
    layers : the sources of the programme, the oldest first.
    """
    last = max(layer.batch for layer in layers)
    common = [keep(layer, lambda key: key != "spv") for layer in layers]
    file = file_of(layers, name)
    if file:
        common = [
            *(keep(layer, lambda key: key not in OWN) for layer in common if not layer.assigned),
            *(deal_alone(layer) for layer in file),
            *(layer for layer in common if layer.assigned),
        ]
    return common + [own_layer(layer, name, last) for layer in layers if _of(layer, name)]


def file_of(layers: Sequence[Layer], name: str) -> tuple[Layer, ...]:
    """The file that a vehicle extends and its parents, the oldest first; none where it extends none."""
    return next((layer.vehicles[name] for layer in reversed(layers) if name in layer.vehicles), ())


def other_market(layers: Sequence[Layer], name: str) -> str | None:
    """What to say of a vehicle whose file has another market than the programme; None where it has not."""
    file = file_of(layers, name)
    theirs = merge(file)[0].document
    ours = merge([keep(layer, lambda key: key != "spv") for layer in layers])[0].document
    market = [key for key in dict.fromkeys((*ours, *theirs)) if key not in (*OWN, *APART)]
    apart = [key for key in market if ours.get(key) != theirs.get(key)]
    if not file or not apart:
        return None
    return f"{', '.join(apart)}: the programme's hold, and not those of {file[-1].file}"


def own_layer(layer: Layer, name: str, last: int) -> Layer:
    """What a source says of one vehicle, as if of the deal, after all sources up to batch `last`."""
    places = Places(_inside(layer.places.keys, name), _inside(layer.places.values, name))
    return replace(layer, document=_of(layer, name), places=places, batch=1 + last + layer.batch)


def deal_alone(layer: Layer) -> Layer:
    """A source of a deal without its market; of the table deal what tells which deal it is."""
    alone = keep(layer, lambda key: key in OWN)
    deal = layer.document.get("deal")
    told = {key: value for key, value in deal.items() if key in TOLD} if isinstance(deal, dict) else {}
    return replace(alone, document=alone.document | {"deal": told}) if told else alone


def keep(layer: Layer, wanted: Callable[[str], bool]) -> Layer:
    """A source with some of its tables, and of what it unsets what lies in them."""
    document = {key: value for key, value in layer.document.items() if key in APART[:3] or wanted(key)}
    unset, values = layer.document.get("unset"), layer.places.values
    if not isinstance(unset, list) or not all(isinstance(key, str) for key in unset):
        return replace(layer, document=document)
    held = [number for number, key in enumerate(unset) if wanted(key.partition(".")[0].strip())]
    moved = {
        ("unset", new): values[("unset", old)] for new, old in enumerate(held) if ("unset", old) in values
    }
    document["unset"] = [unset[number] for number in held]
    return replace(layer, document=document, places=Places(layer.places.keys, values | moved))


def _of(layer: Layer, name: str) -> dict[str, object]:
    vehicles = layer.document.get("spv")
    own = vehicles.get(name) if isinstance(vehicles, dict) else None
    return {key: value for key, value in own.items() if key not in SHARED} if isinstance(own, dict) else {}


def _inside(places: dict[Path, Place], name: str) -> dict[Path, Place]:
    return {path[2:]: place for path, place in places.items() if path[:2] == ("spv", name)}
