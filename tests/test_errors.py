"""Errors read as one line and survive a trip between processes."""

from __future__ import annotations

import inspect
import pickle

import pytest

from nianbao import errors
from nianbao.errors import ErrorList, NianbaoError, ParamsError

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, NianbaoError) and kind is not ErrorList
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_it_pickles_with_its_text_and_exit_code(kind: type[NianbaoError]) -> None:
    error = kind("params/2024/anhai.yaml:37", "t3.received.natural 应为非负整数，实为“三件”", "改为数")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.exit_code) == (kind, str(error), error.exit_code)


def test_several_errors_pickle_together() -> None:
    both = ErrorList((ParamsError("a", "甲"), ParamsError("b", "乙", "改")))
    assert str(pickle.loads(pickle.dumps(both))) == "a：甲。\nb：乙。改。"


def test_the_text_is_where_what_and_what_to_do() -> None:
    assert str(NianbaoError("某处", "出了错", "这样改")) == "某处：出了错。这样改。"
    assert str(NianbaoError("某处", "出了错")) == "某处：出了错。"
    assert str(NianbaoError("某处", "出了错", "是否为 甲？")) == "某处：出了错。是否为 甲？"
