"""Files of every kind, hostile ones too: one Chinese line and exit code 2, in bounded time and memory, off the network."""

from __future__ import annotations

import io
import json
import random
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from published_samples import TEXTS, page, read, saved, word, zeros
from tests.command import Run, nianbao
from tests.conftest import GOLDEN, PARAMS

from nianbao.errors import ReadError
from nianbao.published import read_published, read_several, recognise
from nianbao.published import several as several_module
from nianbao.published.source import Source
from nianbao.statute import FORM_2021

SEED = GOLDEN / "yonghe-2023.txt"
PACKAGE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{('&' + chr(97 + i) + ';') * 10}'>" for i in range(9)
)
HTML = page(FORM_2021, zeros(FORM_2021))


def document(body: str, before: str = "", **parts: str) -> bytes:
    """A package with this in its body."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"{before}<w:document {PACKAGE}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def sheet() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("xl/workbook.xml", "<a/>")
    return buffer.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.html": (lambda: b"", "文件是空的"),
    "blank.txt": (lambda: b"\n \r\n", "文件是空的"),
    "report.pdf": (lambda: b"%PDF-1.7\n%", "不完整或已损坏"),
    "report.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "旧格式的 Office 文件"),
    "locked.docx": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "文件已加密",
    ),
    "scan.jpg": (lambda: b"\xff\xd8\xff\xe0", "是图片"),
    "scan.bmp": (lambda: b"BM" + bytes(60), "是图片"),
    "report.rar": (lambda: b"Rar!\x1a\x07", "是压缩包"),
    "report.mht": (lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", "是单个网页文件"),
    "table.xlsx": (sheet, "不是完整的 .xlsx 文件"),
    "cut.docx": (lambda: saved(word(FORM_2021, zeros(FORM_2021)))[:-900], "压缩包损坏"),
    "noise.docx": (lambda: b"PK\x03\x04" + random.Random(1).randbytes(5000), "压缩包损坏"),
    "noise.html": (lambda: random.Random(2).randbytes(100_000), "不是文本"),
    "large.html": (lambda: b"<p>a</p>" * 2**20, "超过 5 MB"),
    "pre.html": (lambda: b"<pre>" + b"2023 12 " * 40_000, "应不超过 300000 字"),
    "parts.mht": (
        lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n" + b"--x\n\na\n" * 3000,
        "有 3000 个部分",
    ),
    "streams.pdf": (lambda: b"%PDF-1.7\n" + b"stream\nx" * 30_000, "超过 20000 段数据"),
    "long.txt": (lambda: b"2023 12 " * 40_000, "应不超过 300000 字"),
    "bomb.docx": (lambda: document(" " * (60 * 2**20)), "Word 文档过大"),
    "list-bomb.docx": (lambda: document("<w:p/>", word__numbering_xml=" " * (60 * 2**20)), "Word 文档过大"),
    "tags.docx": (lambda: document("<w:p/>" * 600_000), "Word 文档过大"),
    "laughs.docx": (lambda: document("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", LAUGHS + "]>"), "Word 文档"),
    "outside.docx": (
        lambda: document("<w:p>&x;</w:p>", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
        "含有 DTD",
    ),
    "deep.docx": (lambda: document("<w:ins>" * 9000 + "</w:ins>" * 9000), "Word 文档损坏"),
    "rows.docx": (lambda: document("<w:tbl>" + "<w:tr><w:tc/><w:tc/></w:tr>" * 3000 + "</w:tbl>"), "超过 2000 行"),
    "wide.docx": (
        lambda: document(
            "<w:tbl>"
            + ("<w:tr>" + '<w:tc><w:tcPr><w:gridSpan w:val="64"/></w:tcPr></w:tc>' * 9 + "</w:tr>") * 1000
            + "</w:tbl>"
        ),
        "超过 100000 格",
    ),
    "nested.html": (lambda: b"<div>" * 1_000_000, "个标签"),
    "deep.html": (lambda: b"<div>" * 3000 + HTML.encode(), "嵌套过深"),
    "rows.html": (lambda: b"<table>" + b"<tr><td>1<td>2" * 3000, "超过 2000 行"),
    "all-rows.html": (lambda: b"<table>" + b"<tr><td>1<td>2" * 100_000, "个标签"),
    "spans.html": (lambda: b"<table>" + b"<tr><td rowspan=2000 colspan=64>1<td>2" * 1900, "超过 100000 格"),
    "tables.html": (lambda: b"<table><tr><td>1<td>2</table>" * 600, "有 600 张表"),
    "list.html": (lambda: b"<ol>" + b"<li>1" * 60_000, "不像政府信息公开工作年度报告"),
    "laughs.html": (lambda: (LAUGHS + "]><p>&j;</p>").encode(), "不像政府信息公开工作年度报告"),
    "prose.html": (lambda: HTML.replace(TEXTS["other"], "一" * 40_000).encode(), "“六、其他需要报告的事项”超过"),
    "macros.docx": (lambda: document("<w:p/>", word__vbaProject_bin="x"), "不像政府信息公开工作年度报告"),
    "other.html": (lambda: "<p>通知公告</p>".encode(), "不像政府信息公开工作年度报告"),
    "old.html": (lambda: HTML.replace("2023", "2017").encode(), "是 2017 年的报告"),
    "undated.html": (lambda: HTML.replace("2023年", "").encode(), "看不出是哪一年的报告"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    make, reason = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(make())
    before = time.process_time()
    with pytest.raises(ReadError) as caught:
        read_published(path)
    message = str(caught.value)
    assert reason in message and message.startswith(path.as_posix()) and "\n" not in message and message.endswith("。")
    assert caught.value.remedy
    assert time.process_time() - before < 10  # seconds of work; what is refused here would take minutes or hours


@pytest.mark.skipif(sys.platform == "win32", reason="memory can be limited on POSIX systems only")
def test_the_worst_files_need_little_memory(tmp_path: Path) -> None:
    for name in ("bomb.docx", "tags.docx", "spans.html", "all-rows.html", "laughs.docx", "large.html"):
        (tmp_path / name).write_bytes(HOSTILE[name][0]())
    code = (
        "import resource, sys; from pathlib import Path; from nianbao.published import read_several\n"
        "resource.setrlimit(resource.RLIMIT_AS, (700 * 2**20, 700 * 2**20))\n"
        "done = read_several([Path(name) for name in sys.argv[1:]])\n"
        "print(*(type(one.error).__name__ + ('!' if 'MemoryError' in str(one.error) else '') for one in done))"
    )
    names = [str(path) for path in sorted(tmp_path.iterdir())]
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["ReadError"] * 6


def test_a_folder_a_missing_file_and_a_device_are_named() -> None:
    for path, reason in ((PARAMS, "是文件夹"), (PARAMS / "nope.html", "没有这个文件"), (Path("a\0b"), "无法读取")):
        with pytest.raises(ReadError, match=reason):
            read_published(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device on this system")
def test_a_device_without_an_end_ends() -> None:
    with pytest.raises(ReadError, match="超过 5 MB"):
        read_published(Path("/dev/zero"))


def test_nothing_goes_over_the_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class NoSocket(socket.socket):
        def __init__(self, *_: object, **__: object) -> None:
            raise AssertionError("reading a report opened a socket")

    monkeypatch.setattr(socket, "socket", NoSocket)
    monkeypatch.setattr(socket, "create_connection", NoSocket)
    monkeypatch.setattr(socket, "getaddrinfo", NoSocket)
    with pytest.raises(AssertionError):
        socket.socket()
    outside = (
        '<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd"><link rel=stylesheet href="http://127.0.0.1:9/x.css">'
        '<base href="http://127.0.0.1:9/"><img src="x.png"><iframe src="http://127.0.0.1:9/"></iframe>'
        '<script src="http://127.0.0.1:9/x.js"></script><object data="http://127.0.0.1:9/x"></object>'
    )
    assert read(outside + HTML).title.startswith("石狮市蚶江镇")
    linked = '<!DOCTYPE w:document SYSTEM "http://127.0.0.1:9/x.dtd">'
    with pytest.raises(ReadError, match="含有 DTD"):
        read(document("<w:p/>", linked))
    assert read_several([SEED])[0].report is not None


# -- several files ----------------------------------------------------------------------------------------------------


@pytest.fixture
def run() -> Run:
    return partial(nianbao, "read")


def test_an_unreadable_file_does_not_hide_the_others(run: Run, tmp_path: Path) -> None:
    bad, good = tmp_path / "坏.pdf", tmp_path / "好.html"
    bad.write_bytes(b"%PDF-1.7")
    good.write_text(HTML, encoding="utf-8")
    done = run(bad, SEED, good, "--params", PARAMS)
    assert done.code == 2
    assert done.err.splitlines() == [
        f"{bad.as_posix()}：PDF 文件不完整或已损坏（文件末尾没有目录）。重新下载；仍不行时用 Word 或 WPS 打开，另存为 .docx 再读。"
    ]
    assert f"{SEED.as_posix()}（文本）：晋江市永和镇2023年政府信息公开工作年度报告" in done.out
    assert f"{good.as_posix()}（网页）：石狮市蚶江镇2023年政府信息公开工作年度报告" in done.out
    assert done.out.splitlines()[-1] == "共 3 份：没有硬性问题 1 份，有硬性问题 1 份，读不出 1 份。"


def test_the_worst_of_several_decides_the_exit_code(run: Run, tmp_path: Path) -> None:
    good = tmp_path / "good.html"
    good.write_text(HTML, encoding="utf-8")
    assert run(good, "--params", PARAMS).code == 0
    assert run(good, SEED, "--params", PARAMS).code == 1
    assert run(good, SEED, tmp_path / "none.html", "--params", PARAMS).code == 2


def test_json_is_one_document_for_one_file_and_a_list_for_several(run: Run, tmp_path: Path) -> None:
    one = json.loads(run(SEED, "--json", "--params", PARAMS).out)
    assert set(one) == {"file", "unit", "year", "edition", "ready", "counts", "findings", "figures", "prose"}
    assert one["unit"] == "yonghe" and one["file"] == SEED.as_posix()
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF")
    done = run(bad, SEED, "--json", "--params", PARAMS)
    first, second = json.loads(done.out)
    assert first == {"file": bad.as_posix(), "error": done.err.strip()}
    assert second == one
    assert run(bad, "--json", "--params", PARAMS).out == ""


def test_a_fault_of_our_own_is_told_and_hides_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other.html"
    other.write_text(HTML, encoding="utf-8")

    def recognising(source: Source) -> object:
        if source.name == other.as_posix():
            raise RecursionError("too deep")
        return recognise(source)

    monkeypatch.setattr(several_module, "recognise", recognising)
    done = run(other, SEED, "--params", PARAMS)
    assert done.code == 2 and "永和镇 2023 年" in done.out
    assert done.err.strip() == f"{other.as_posix()}：读取时出错（RecursionError：too deep）。把这一行报告给开发者。"


def test_without_params_any_report_is_read_and_the_register_is_not_missed_in_silence(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NIANBAO_PARAMS", raising=False)
    done = run(SEED)
    assert done.code == 1
    assert "R-01〔单位〕无法核对：“永和镇”不在单位名录中，没有核对正文是否误写其他单位的名称和网站。" in done.out
    assert run(SEED, "--params", tmp_path).code == 2


def test_the_listing_says_how_many_cells_are_blank_or_were_not_found(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    values = {**zeros(FORM_2021), "t3.granted.legal": "／", "t3.granted.other": "无"}
    path.write_text(page(FORM_2021, values, tables={"disputes": "<p><img src=x.png></p>"}), encoding="utf-8")
    out = run(path, "--params", PARAMS).out
    assert "  按 国办公开办函〔2021〕30号 的格式，读出 183 / 200 格，不适用 1 格，不是数 1 格，没有认出 15 格。" in out
    assert "读出 195 / 200 格，空白 5 格。" in run(SEED, "--params", PARAMS).out


def test_last_years_report_among_the_files_serves_the_rules_across_years(tmp_path: Path) -> None:
    def put(name: str, year: int, carried_in: int, carried_out: int) -> Path:
        values = zeros(FORM_2021)
        for column in ("natural", "total"):
            values[f"t3.carried_in.{column}"] = carried_in
            values[f"t3.received.{column}"] = carried_out - carried_in
            values[f"t3.carried_out.{column}"] = carried_out
        html = page(FORM_2021, values).replace("2024", str(year + 1)).replace("2023", str(year))
        path = tmp_path / name
        path.write_text(html, encoding="utf-8")
        return path

    def across(*paths: Path) -> set[str]:
        (reading,) = (one for one in read_several(paths) if one.report is not None and one.report.year == 2023)
        assert reading.result is not None
        return {f"{f.rule} {f.outcome.value}" for f in reading.result.findings if f.rule in ("T3-04", "T2-04")}

    this, before, twin = put("b.html", 2023, 3, 5), put("a.html", 2022, 0, 3), put("c.html", 2022, 0, 1)
    assert across(this) == {"T3-04 unknown", "T2-04 unknown"}
    assert across(this, before) == set()
    assert across(twin, this) == {"T3-04 fails"}
    assert across(twin, before, this) == {"T3-04 unknown", "T2-04 unknown"}  # which of the two cannot be told
