"""Where each unit stands with its report of a year."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path

from nianbao.errors import NianbaoError
from nianbao.params import Units
from nianbao.wording import publishable

BUILT_VARIABLE = "NIANBAO_BUILT"
"""Environment variable by which a batch tells its notebook where the reports of the year are built."""
STATUS = "status.json"
"""In which a batch says where every unit stands."""


class Standing(Enum):
    """Where one unit stands."""

    READY = "ready"
    DRAFT = "draft"
    FAILED = "failed"
    PENDING = "pending"
    MISSING = "missing"

    @property
    def label(self) -> str:
        return {
            "ready": publishable(0),
            "draft": "草稿",
            "failed": "生成失败",
            "pending": "待生成",
            "missing": "未报送",
        }[self.value]

    def text(self, warnings: int) -> str:
        """The label of one unit or paper, with the warnings that stand."""
        return publishable(warnings) if self is Standing.READY else self.label

    @property
    def counted(self) -> bool:
        """Whether there is a report whose figures the city's tables add up."""
        return self in (Standing.READY, Standing.DRAFT)


def standings(built: Path, units: Units) -> dict[str, tuple[Standing, str]]:
    """Where every unit stands and why, by its id, as ``status.json`` in `built` says.

    Raises
    ------
    NianbaoError
        It cannot be read.
    """
    try:
        entries = json.loads((built / STATUS).read_bytes())["units"]
        said = {entry["id"]: (Standing(entry["state"]), str(entry["message"])) for entry in entries}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise NianbaoError(
            f"{built.name}/{STATUS}", f"读不出（{type(error).__name__}）", "重新运行 nianbao batch"
        ) from error
    unknown = (Standing.PENDING, f"{STATUS} 没有这个单位")
    return {unit.id: said.get(unit.id, unknown) for unit in units.units}
