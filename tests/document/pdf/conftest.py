"""What the tests of the typesetting share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The sample notebooks are a module beside the tests.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _no_other_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_SYSTEM_FONTS", "0")
    monkeypatch.delenv("NIANBAO_FONTS", raising=False)
