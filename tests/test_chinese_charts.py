"""An analyst's own matplotlib charts have Chinese characters, in every kernel that runs a notebook of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat.v4 as nbf
import pytest

from nianbao.notebook.engine import run_notebook

DRAWING = """
import io, warnings
warnings.simplefilter("error")
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
plt.rcdefaults() if {reset} else None
plt.bar(["安海镇", "陈埭镇"], [1, -2])
plt.title("新收（件）")
plt.savefig(io.BytesIO())
print(plt.rcParams["font.sans-serif"][0])
"""


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize(
    "asked", ["draw_chinese()", "import matplotlib.pyplot\ndraw_chinese()", "draw_chinese()\n" * 2]
)
def test_matplotlib_draws_every_character_whenever_it_is_imported(asked: str, reset: bool) -> None:
    code = "from nianbao.notebook.chinese_charts import draw_chinese\n" + asked
    lines = [code, DRAWING.format(reset=reset)]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Noto Sans CJK SC\n", "")


def test_nothing_of_matplotlib_is_loaded_by_asking_for_it() -> None:
    code = "import sys; from nianbao.notebook.chinese_charts import draw_chinese; draw_chinese(); import nianbao.notebook.sections"
    code += "; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("cold", [True, False])
def test_a_notebook_that_says_nothing_of_fonts_has_them(tmp_path: Path, cold: bool) -> None:
    import nbformat

    source = 'import matplotlib.pyplot as plt\nplt.title("新收（件）")\nplt.show()\nprint(plt.rcParams["font.sans-serif"][0])'
    path = tmp_path / "chart.ipynb"
    nbformat.write(nbf.new_notebook(cells=[nbf.new_code_cell(source)]), path)
    node = run_notebook(path, None, {}, cwd=tmp_path, cold=cold)
    told = [output.text for output in node.cells[-1].outputs if output.output_type == "stream"]
    assert told == ["Noto Sans CJK SC\n"]
