"""The kinds of values that the YAML files hold."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=48)]
SlotId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,31}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Kana = Annotated[str, StringConstraints(pattern=r"^[ぁ-ゖー・ 0-9a-zA-Z]+$", max_length=80)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=200)]
Phone = Annotated[str, StringConstraints(pattern=r"^0\d{1,4}-\d{1,4}-\d{3,4}(\(\d+\))?$")]
Postcode = Annotated[str, StringConstraints(pattern=r"^\d{3}-\d{4}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
AsOf = Annotated[str, StringConstraints(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]


class Strict(BaseModel):
    """No coercion, no unknown keys."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
