"""Where one unit stands with its report of a year."""

from __future__ import annotations

from enum import Enum

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
            "ready": "可以发布",
            "draft": "草稿",
            "failed": "生成失败",
            "pending": "待生成",
            "missing": "未报送",
        }[self.value]

    @property
    def counted(self) -> bool:
        """Whether there is a report whose figures the city's tables add up."""
        return self in (Standing.READY, Standing.DRAFT)
