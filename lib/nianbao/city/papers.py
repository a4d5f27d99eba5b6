"""The papers of the city's office: the summary, the city's own report, the publication note; one entry each.

Whatever runs, seals, links or verifies them takes them from :data:`PAPERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.city import paper
from nianbao.city.inputs import CITY_NAME, FOLDER, NOTE_NAME, States, city_inputs, note_inputs
from nianbao.city.paper import Shown, paper_work
from nianbao.params import load_units, params_path
from nianbao.publish import compare, formats
from nianbao.publish.compare import Comparer
from nianbao.publish.contract import default_notebook
from nianbao.publish.formats import FAILED, MANIFEST, Format
from nianbao.publish.make import Work

if TYPE_CHECKING:
    from nianbao.city.city import CitySummary


@dataclass(frozen=True)
class Paper:
    """One paper of a year.

    Attributes
    ----------
    key, name : str
        As ``status.json`` and as people call it.
    notebook : str
        Name of the notebook that is run.
    folder : str
        Below ``output/<year>/``; empty for that folder itself.
    seal, failed : str
        Names of the file that seals it, and of the notebook that failed, run up to the cell that did.
    formats : callable
        Its files.
    compare_seal : Comparer
        What differs between two versions of the seal.
    work : callable
        Year, params, ``output/<year>/`` → what is to be made.
    inputs : callable
        Where the units stand, year, params, ``output/<year>/`` → SHA-256 of all that it is made from, by name.
    wanted : callable
        Year, params, whether any body has said when it published → whether there is such a paper.
    """

    key: str
    name: str
    notebook: str
    folder: str
    seal: str
    failed: str
    formats: Callable[[], tuple[Format, ...]]
    compare_seal: Comparer
    work: Callable[[int, Path, Path], Work]
    inputs: Callable[[States, int, Path, Path], Mapping[str, str]]
    wanted: Callable[[int, Path, bool], bool]

    def place(self, year_folder: Path) -> Path:
        """The folder of its files."""
        return year_folder / self.folder if self.folder else year_folder


NOTE: tuple[Format, ...] = (
    Format("note.pdf", "PDF", formats.write_pdf, titled=True, packed="{}.pdf"),
    Format("note.docx", "Word", formats.write_docx, compare.by_parts, packed="{}.docx"),
    Format("note.html", "网页", formats.write_page, titled=True, packed="{}.html"),
)
"""The files of the publication note; :data:`NOTE_SEAL` seals them."""
NOTE_SEAL = "note.json"


def _summary_work(year: int, params_dir: Path, built: Path) -> Work:
    return paper.summary_work(year, params_dir, built)


def _city_work(year: int, params_dir: Path, built: Path) -> Work:
    from nianbao.city.own import city_work  # with the gate and the rules, which a run that changes nothing does without

    return city_work(year, params_dir, built)


def note_work(year: int, params_dir: Path, built: Path) -> Work:
    """The publication note of the reports that lie in `built`."""

    def shown(summary: CitySummary) -> Shown:
        from nianbao.city import note

        return Shown(note.title(summary), note.complete(summary), note.expected_of(summary))

    return paper_work(
        NOTE_NAME,
        default_notebook("publication_note.ipynb"),
        NOTE,
        NOTE_SEAL,
        year=year,
        params_dir=params_dir,
        built=built,
        digests=note_inputs,
        shown=shown,
    )


PAPERS: tuple[Paper, ...] = (
    Paper(
        key="summary",
        name=paper.NAME,
        notebook=paper.NOTEBOOK,
        folder="",
        seal=paper.SEAL,
        failed=paper.FAILED,
        formats=lambda: paper.SUMMARY,
        compare_seal=paper.compare_seal,
        work=_summary_work,
        inputs=paper.input_digests,
        wanted=lambda _year, _params, _published: True,
    ),
    Paper(
        key="city",
        name=CITY_NAME,
        notebook="city_report.ipynb",
        folder=FOLDER,
        seal=MANIFEST,
        failed=FAILED,
        formats=lambda: formats.REPORT,
        compare_seal=compare.seal,
        work=_city_work,
        inputs=city_inputs,
        wanted=lambda year, params, _published: params_path(params, load_units(params).city, year).is_file(),
    ),
    Paper(
        key="note",
        name=NOTE_NAME,
        notebook="publication_note.ipynb",
        folder=FOLDER,
        seal=NOTE_SEAL,
        failed="note-failed.ipynb",
        formats=lambda: NOTE,
        compare_seal=compare.seal,
        work=note_work,
        inputs=note_inputs,
        wanted=lambda _year, _params, published: published,
    ),
)


def paper_of(key: str) -> Paper:
    """The paper with this key or name; KeyError where there is none."""
    for one in PAPERS:
        if key in (one.key, one.name):
            return one
    raise KeyError(key)
