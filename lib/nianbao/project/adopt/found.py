"""What the files to be adopted say: published reports as they were read, and figures as ``tables.json`` has them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nianbao.errors import NianbaoError, ReadError, UsageError, reason_of
from nianbao.params import Unit, Units
from nianbao.params.models import Narrative
from nianbao.project.quoting import Told, told_by
from nianbao.published import PublishedReport, read_several
from nianbao.published.convert import FOREIGN
from nianbao.published.running import joined
from nianbao.report import Report
from nianbao.report.tables import cell_of, value_of
from nianbao.statute import EDITIONS, Edition
from nianbao.statute.cell import Cell
from nianbao.wording import quoted

_SPACES = re.compile(
    r"(?<=[\u3400-\u9fff“”，。、；：])[ \u00a0]+(?=[0-9A-Za-z\u3400-\u9fff])|(?<=[0-9A-Za-z])[ \u00a0]+(?=[\u3400-\u9fff])"
)
_HALF_BRACKETS = re.compile(r"^\(([一二三四五六七八九十]{1,3})\) ?", re.M)
_ANGLES = re.compile(r"<(https?://[^<>\s]+)>")


@dataclass(frozen=True)
class Found:
    """What a file says of one report.

    Attributes
    ----------
    page : PublishedReport or None
        None for figures without a text.
    """

    unit: Unit
    year: int
    edition: Edition
    cells: Mapping[str, Cell]
    told: Told
    report: Report | None = None
    page: PublishedReport | None = None
    sample: bool = False


def sources_of(files: Sequence[Path], units: Units) -> list[tuple[Path, Found | NianbaoError]]:
    found: list[tuple[Path, Found | NianbaoError]] = []
    pages = [file for file in files if file.suffix.lower() != ".json"]
    for file in files:
        if file not in pages:
            try:
                found.append((file, _exchanged(file, units)))
            except NianbaoError as error:
                found.append((file, error))
    for reading in read_several(pages, units):
        if reading.error is not None or reading.report is None or reading.published is None:
            found.append((reading.path, reading.error or ReadError(reading.path.as_posix(), "没有读出")))
        elif reading.report.unit.id == FOREIGN:
            wrong = f"是{quoted(reading.published.unit or '没有写明的单位')}的报告，单位名录中没有它"
            found.append(
                (reading.path, UsageError(reading.path.as_posix(), wrong, "核对文件；新的单位先写入 units.yaml"))
            )
        else:
            report, page = _tidied(reading.report), reading.published
            told = told_by(report)
            found.append(
                (
                    reading.path,
                    Found(
                        report.unit,
                        report.year,
                        report.edition,
                        page.cells,
                        told,
                        report,
                        page,
                        sample=report.params.sample,
                    ),
                )
            )
    return found


def _exchanged(path: Path, units: Units) -> Found:
    """The figures of a ``tables.json``."""
    name = path.as_posix()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        unit = units.find(said["unit"])
        edition = next(edition for edition in EDITIONS if edition.name == said["edition"])
        year = int(said["year"])
        cells = {key: cell_of(said["cells"][key]) for key in edition.fields}
        disclosure, fees = said["disclosure"], said["fees"]
        told = Told(
            disclosure["total"],
            tuple((str(one["name"]), int(one["count"])) for one in disclosure["classes"]),
            {str(key): int(value) for key, value in disclosure["channels"].items()},
            fees["notices"],
            value_of(fees["amount"]),
        )
    except OSError as error:
        raise ReadError(name, f"无法读取（{reason_of(error)}）", "核对文件名") from None
    except (ValueError, LookupError, TypeError, StopIteration, AttributeError):
        raise ReadError(
            name, "不是 nianbao 的 tables.json", "给 nianbao build 写出的 tables.json，或报告本身"
        ) from None
    if not edition.covers(year):
        raise ReadError(name, f"是 {year} 年的报告，却用 {edition.name} 年的格式", "核对文件来源")
    return Found(unit, year, edition, cells, told, sample=bool(said.get("sample")))


def _tidied(report: Report) -> Report:
    """A published report whose prose has no spaces between Chinese and figures, the brackets of headings as usual, and
    no line broken in mid-sentence.
    """
    texts = {
        part: _ANGLES.sub(r"\1", _HALF_BRACKETS.sub(r"（\1）", _SPACES.sub("", "\n".join(joined(text.split("\n"))))))
        for part, text in report.params.narrative.model_dump().items()
        if text
    }
    return replace(report, params=report.params.model_copy(update={"narrative": Narrative(**texts)}))
