"""Charts that an analyst draws with matplotlib have Chinese characters, whatever fonts the machine has."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_FONTS = "matplotlib.font_manager"


def draw_chinese() -> None:
    """Make the face that the package ships matplotlib's first choice, now or once matplotlib is imported."""
    if _FONTS in sys.modules:
        _use_our_face(sys.modules[_FONTS])
    elif not any(isinstance(finder, _AfterFonts) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AfterFonts())


def _use_our_face(fonts: Any) -> None:
    import matplotlib as mpl

    from nianbao.document import bundled

    path = str(bundled.file(bundled.SANS))
    fonts.fontManager.addfont(path)
    ours = fonts.FontProperties(fname=path).get_name()
    for parameters in (mpl.rcParams, mpl.rcParamsDefault):
        others = [name for name in parameters["font.sans-serif"] if name != ours]
        parameters["font.sans-serif"] = [ours, *others]
        parameters["axes.unicode_minus"] = False  # the hyphen, which every face has


class _AfterFonts(MetaPathFinder, Loader):
    """Stands before matplotlib's list of fonts, lets it be imported as ever, and then adds ours."""

    _loader: Any = None

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _FONTS:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None:
            self._loader, spec.loader = spec.loader, self
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        _use_our_face(module)
