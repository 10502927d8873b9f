"""What every table of a scenario is: closed to unknown keys, frozen, and described field by field."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticUndefined


class Table(BaseModel):
    """A table of the scenario file."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        validate_default=False,
        populate_by_name=True,
        use_attribute_docstrings=False,
    )

    @property
    def idle(self) -> Collection[str]:
        """Settings that have no effect beside the other ones of the table."""
        return ()


def setting(
    title: str,
    description: str,
    *,
    default: Any = PydanticUndefined,
    make: Callable[[], Any] | None = None,
    examples: tuple[object, ...] = (),
    also: tuple[str, ...] = (),
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    **other: Any,
) -> Any:
    """Declare one setting.

    Parameters
    ----------
    title : the market's term for it.
    description : what it means and what follows from it, one or two sentences.
    default : stored value where the file is silent; without it the setting is required.
    make : makes the default where that is a table or a list.
    examples : spellings as in a file, where the unit's own examples do not serve.
    also : other words people write for it, for "did you mean".
    ge, gt, le, lt : allowed range in stored units.
    """
    if make is not None:
        other["default_factory"] = make
    else:
        other["default"] = default
    return Field(
        title=title,
        description=description,
        examples=list(examples) or None,
        json_schema_extra={"x-also": list(also)} if also else None,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        **other,
    )
