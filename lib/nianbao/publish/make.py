"""One way to make a finished thing: read, run, gate, write, lock, seal.

What is made is said by a :class:`Work`: a report (:mod:`nianbao.publish.build`), or a paper of the city's office
(:mod:`nianbao.city.paper`). Refuse before running rather than repair after: inputs, notebook and output folder are
looked at before a kernel starts. Nothing is written here; the files are bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from nianbao.errors import IdentityError, NianbaoError
from nianbao.publish.contract import check_contract
from nianbao.publish.formats import Format, Printed, Subject
from nianbao.publish.ground import Ground
from nianbao.publish.manifest import as_json_bytes, digest

_TIMING = ("papermill", "execution")


@dataclass(frozen=True)
class Work:
    """What is to be made.

    Attributes
    ----------
    where : str
        As messages name it: 永和镇 2023.
    notebook : Path
        The notebook that is run.
    parameters, environment : mapping
        What it is given, by papermill and by environment variables.
    formats : tuple of Format
        The files.
    seal : str
        Name of the file that seals them.
    inputs : callable
        SHA-256 of everything that is read, by name; asked before reading and again after writing.
    read : callable
        The subject, read and judged.
    slip : tuple of Format
        Files that a draft has besides.
    beside : callable
        More files, as many as what is printed asks for.
    sealed : callable
        What its seal says besides, of a subject.
    """

    where: str
    notebook: Path
    parameters: Mapping[str, Any]
    environment: Mapping[str, str]
    formats: tuple[Format, ...]
    seal: str
    inputs: Callable[[], Mapping[str, str]]
    read: Callable[[], Subject]
    slip: tuple[Format, ...] = ()
    beside: Callable[[Printed], Mapping[str, bytes]] = field(default=lambda _printed: {})
    sealed: Callable[[Subject], Mapping[str, Any]] = field(default=lambda _subject: {})


@dataclass(frozen=True)
class Prepared:
    """Work whose subject is read and judged; ``inputs`` and ``ground`` are what there was before reading."""

    work: Work
    inputs: Mapping[str, str]
    ground: Ground
    subject: Subject


@dataclass(frozen=True)
class Made:
    """The files of one thing, in memory, in the order of writing: the seal last."""

    subject: Subject
    contents: Mapping[str, bytes]


def prepare(work: Work) -> Prepared:
    """Digest what is to be read, then read it.

    Raises
    ------
    NianbaoError
        An input or the notebook cannot be used.
    """
    check_contract(work.notebook, work.parameters)
    inputs, ground = work.inputs(), Ground.here(work.notebook)
    return Prepared(work, inputs, ground, work.read())


def make(prepared: Prepared, *, cold: bool = False, report_seconds: float | None = 300.0) -> Made:
    """Run the notebook and make all files.

    Raises
    ------
    NianbaoError
        An input was changed meanwhile, or the notebook prints something else than was asked for. A
        :class:`NotebookError` of a failed cell carries the notebook up to it.
    """
    work = prepared.work
    load_writers()
    node = execute(work.notebook, work.parameters, work.environment, cold=cold, report_seconds=report_seconds)
    return finish(prepared, node)


def finish(prepared: Prepared, node: Any) -> Made:
    """Every file from an executed notebook: gate, write, lock, seal."""
    from nianbao.document.pdf.fonts import requested_folder, select_fonts, system_allowed
    from nianbao.notebook.gate import gate

    work = prepared.work
    gated = gate(node, prepared.subject.expected)
    subject = prepared.subject.at_gate(gated.findings)
    fonts = select_fonts(requested_folder(), system_allowed())
    printed = Printed(subject, node, gated.document, fonts)
    formats = work.formats if subject.ready else (*work.formats, *work.slip)
    contents = {one.name: one.write(printed) for one in formats}
    beside = work.beside(printed)
    if not gated.findings:
        _lock_title(work, subject.title, contents)
    if work.inputs() != prepared.inputs or Ground.here(work.notebook) != prepared.ground:
        raise NianbaoError(work.where, "参数文件或笔记本在生成过程中被改动", "重新运行")
    seal = {
        "unit": subject.unit.id,
        "year": subject.year,
        "edition": subject.edition,
        "ready": subject.ready,
        **work.sealed(subject),
        "inputs": prepared.inputs,
        **prepared.ground.fields(),
        "outputs": {one.name: digest(contents[one.name]) for one in formats if one.sealed}
        | {name: digest(data) for name, data in beside.items()},
    }
    return Made(subject, {**contents, **beside, work.seal: as_json_bytes(seal)})


def _lock_title(work: Work, title: str, contents: Mapping[str, bytes]) -> None:
    """The title must stand in every file that carries it.

    Raises
    ------
    IdentityError
    """
    # As HTML and as XMP write it; the one escapes fewer characters than the other.
    forms = (escape(title, quote=False).encode("utf-8"), escape(title).replace("&#x27;", "&apos;").encode("utf-8"))
    for one in work.formats:
        if one.titled and not any(form in contents[one.name] for form in forms):
            raise IdentityError(work.where, f"{one.name} 中没有标题 {title}", "核对笔记本")


def load_writers() -> None:
    """Load what writes the files now, while the kernel is still starting."""
    from nianbao.notebook.engine.lean import import_jsonschema

    import_jsonschema()
    from nianbao.document import workbook
    from nianbao.document.docx import writer
    from nianbao.document.pdf import compiler, fonts
    from nianbao.document.web import fragment, page
    from nianbao.rules import check

    compiler.warm_up(fonts.select_fonts(fonts.requested_folder(), fonts.system_allowed()))
    assert check and fragment and page and workbook and writer  # noqa: S101  (loaded for later)


def execute(
    notebook: Path,
    parameters: Mapping[str, Any],
    environment: Mapping[str, str],
    *,
    cold: bool = False,
    report_seconds: float | None = 300.0,
) -> Any:
    """Run a notebook with `environment` added to that of this process; no trace of when and where stays in it.

    Raises
    ------
    NotebookError
    """
    from nianbao.notebook.engine import run_notebook

    with environment_with(environment):
        node = run_notebook(notebook, None, parameters, cwd=notebook.parent, cold=cold, report_seconds=report_seconds)
    return _without_traces(node)


@contextmanager
def environment_with(values: Mapping[str, str]) -> Iterator[None]:
    """The environment of this process with `values` in it, for a time."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _without_traces(node: Any) -> Any:
    """Leave out when, where and how long a notebook ran: its bytes are to depend on its inputs alone."""
    for holder in (node, *node.cells):
        for key in _TIMING:
            holder.metadata.pop(key, None)
    for number, cell in enumerate(node.cells):
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-{number}"
    return node
