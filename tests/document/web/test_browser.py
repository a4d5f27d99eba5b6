"""The page in a real browser: widths, requests, console, print. Slow (some seconds); needs Chromium."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.request import urlopen

import pytest
import websocket
from nbformat import NotebookNode
from pypdf import PdfReader

from nianbao.document import read_notebook
from nianbao.document.web.page import write_page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PROGRAM = next((path for name in BROWSERS if (path := shutil.which(name))), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)


class Chromium:
    """One headless browser with one tab; keeps every request and console message it saw."""

    def __init__(self, program: str, profile: Path) -> None:
        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port_file = profile / "DevToolsActivePort"
        deadline = time.monotonic() + 30
        while not (port_file.exists() and port_file.read_text(encoding="utf-8").count("\n")):
            if time.monotonic() > deadline:
                raise TimeoutError("Chromium did not open its devtools port")
            time.sleep(0.05)
        port = port_file.read_text(encoding="utf-8").splitlines()[0]
        with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=30) as answer:
            targets = json.load(answer)
        address = next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page")
        self._socket = websocket.create_connection(address, timeout=30)
        self._last = 0
        self.requests: list[str] = []
        self.messages: list[str] = []
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Chromium:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=30)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of one protocol command."""
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            message = self._receive()
            if message.get("id") == self._last:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def open(self, page: Path, *, width: int, height: int = 900, phone: bool = False) -> None:
        """Show a file in a window of ``width`` CSS pixels."""
        self.requests.clear()
        self.messages.clear()
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self.call("Page.navigate", url=page.as_uri())
        while self._receive().get("method") != "Page.loadEventFired":
            pass

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page (the protocol is not bound by the page's policy)."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def screenshot(self) -> bytes:
        """The whole page as PNG."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def pdf(self) -> bytes:
        """The page printed as its own style sheet asks."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(printed["data"])

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv())
        params = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Log.entryAdded":
                self.messages.append(params["entry"]["text"])
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown":
                self.messages.append(json.dumps(params))
        return message


pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(PROGRAM is None, reason=f"none of these browsers is installed: {', '.join(BROWSERS)}"),
]

WIDTHS = (320, 375, 768, 1280)
A4 = (595, 842)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    assert PROGRAM is not None
    with Chromium(PROGRAM, tmp_path_factory.mktemp("profile")) as chromium:
        yield chromium


@pytest.fixture
def page(tmp_path: Path, report: NotebookNode) -> Path:
    return written(tmp_path, report)


@pytest.fixture
def draft_page(tmp_path: Path, draft: NotebookNode) -> Path:
    return written(tmp_path, draft)


def written(folder: Path, notebook: NotebookNode) -> Path:
    html = write_page(read_notebook(notebook))
    path = folder / "report.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(browser: Chromium, page: Path, width: int) -> None:
    browser.open(page, width=width, phone=width < 700)
    assert browser.evaluate("document.scrollingElement.scrollWidth") <= width
    assert browser.evaluate("innerWidth") == width


@pytest.mark.parametrize("width", (320, 375))
def test_words_without_a_break_do_not_widen_a_phone(
    browser: Chromium, tmp_path: Path, make_notebook: Any, width: int
) -> None:
    word = "W" * 400
    parts = [f"<{tag}>{word}</{tag}>" for tag in ("h1", "h2", "h3", "p", "pre", "li", "blockquote")]
    parts.append(f"<p class='nb-redhead'>{word}</p><p class='nb-docnumber'>{word}</p><p class='nb-signer'>{word}</p>")
    parts.append(f"<p class='nb-signature'>{word}</p><p class='nb-date'>{word}</p><p class='nb-draft'>{word}</p>")
    parts.append(f"<table><tr><td>{word}</td><td>{word}</td></tr></table>")
    parts.append(f"<table><tr>{f'<td>{word}</td>' * 9}</tr></table>")
    browser.open(written(tmp_path, make_notebook("".join(parts))), width=width, phone=True)
    assert browser.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize("digits", [1, 2, 7, 9])
def test_a_wide_table_scrolls_in_its_own_frame_on_a_phone_where_its_figures_are_long(
    browser: Chromium, page: Path, digits: int
) -> None:
    html = page.read_text(encoding="utf-8")
    whole = re.sub(r"(<td[^>]*>)[0-9]+(</td>)", rf"\g<1>{'8' * digits}\2", html)
    other = page.with_name(f"digits-{digits}.html")
    other.write_text(whole, encoding="utf-8")
    frames = "[...document.querySelectorAll('.nb-frame')]"
    browser.open(other, width=375, phone=True)
    assert browser.evaluate(f"{frames}.map(f => f.scrollWidth > f.clientWidth)") == [digits > 2] * 2
    assert browser.evaluate("document.documentElement.scrollWidth") <= 375
    browser.open(page, width=1280)
    assert browser.evaluate(f"{frames}.map(f => f.scrollWidth > f.clientWidth)") == [False, False]


@pytest.mark.parametrize("width", (390, 500, 1280))
@pytest.mark.parametrize(
    ("heads", "row"),
    [
        (
            ["规则", "应当", "成立", "不成立"],
            ["T2-03", "现行有效件数不少于本年制发件数减去本年废止件数的差。" * 3, "2", "0"],
        ),
        (["单位", "状态", "错误", "警告", "提示", "已豁免"], ["青阳街道", "可以发布", "0", "0", "0", "0"]),
        (["单位", *["民政扶贫救灾社会保障就业"] * 10, "总数"], ["青阳街道", *["22"] * 10, "1848"]),
    ],
    ids=["rules", "units", "classes"],
)
def test_names_codes_and_short_heads_keep_to_one_line_where_columns_are_as_wide_as_their_texts(
    browser: Chromium, tmp_path: Path, make_notebook: Any, width: int, heads: list[str], row: list[str]
) -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for _ in range(20))
    html = f"<table><thead><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr></thead>{rows}</table>"
    browser.open(written(tmp_path, make_notebook(html)), width=width, phone=width < 700)
    lines = "(cell => { const range = document.createRange(); range.selectNodeContents(cell); return range.getClientRects().length })"
    cells = "[...document.querySelectorAll('td, th')].filter(c => c.textContent.length <= (c.tagName == 'TH' ? 3 : 5))"
    assert browser.evaluate(f"{cells}.length") >= len(heads) + 20 * len(row) - 30
    assert browser.evaluate(f"{cells}.filter(c => {lines}(c) != 1).map(c => c.textContent)") == []
    assert browser.evaluate("[...document.querySelectorAll('.nb-frame')].every(f => f.scrollWidth <= f.clientWidth)")


@pytest.mark.parametrize("width", (375, 1280))
def test_nothing_is_requested_and_nothing_reported(browser: Chromium, draft_page: Path, width: int) -> None:
    browser.open(draft_page, width=width)
    assert [address for address in browser.requests if not address.startswith("data:")] == [draft_page.as_uri()]
    assert browser.messages == []


def test_the_policy_lets_the_style_in_and_scripts_out(browser: Chromium, page: Path) -> None:
    browser.open(page, width=1280)
    assert browser.evaluate("getComputedStyle(document.querySelector('.nb-redhead')).color") == "rgb(196, 22, 28)"
    attacked = page.with_name("attacked.html")
    script = "<script>document.title = 'run'</script><p style='color: red' onclick='1'>x</p>"
    attacked.write_text(page.read_text(encoding="utf-8").replace("</main>", f"{script}</main>"), encoding="utf-8")
    browser.open(attacked, width=1280)
    assert browser.evaluate("document.title") != "run"
    assert len(browser.messages) >= 2


def test_the_keyboard_reaches_text_contents_and_wide_tables(browser: Chromium, page: Path) -> None:
    browser.open(page, width=375)
    reached = []
    for _ in range(6):
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        reached.append(browser.evaluate("document.activeElement.tagName + '.' + document.activeElement.className"))
    assert reached[:4] == ["A.nb-skip", "SUMMARY.", "DIV.nb-frame", "DIV.nb-frame"]


def test_text_stands_out_against_its_ground(browser: Chromium, draft_page: Path) -> None:
    """Contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3) for the text and for the marks."""
    browser.open(draft_page, width=1280)
    for selector, ground in (("p", "main"), ("h1", "main"), (".nb-marks p", ".nb-marks"), ("nav a", "body")):
        ink = browser.evaluate(f"getComputedStyle(document.querySelector('{selector}')).color")
        paper = browser.evaluate(f"getComputedStyle(document.querySelector('{ground}')).backgroundColor")
        assert contrast(ink, paper) >= 4.5, (selector, ink, paper)


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_printed_on_a4_with_part_three_on_one_page(browser: Chromium, page: Path) -> None:
    browser.open(page, width=1280)
    pages = PdfReader(io.BytesIO(browser.pdf())).pages
    assert {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in pages} == {A4}
    texts = [squeezed(sheet.extract_text()) for sheet in pages]
    holding = [number for number, text in enumerate(texts) if "勾稽关系" in text]
    assert len(holding) == 1
    (three,) = holding
    assert "三、收到和处理政府信息公开申请情况" in texts[three]
    assert "四、结转下年度继续办理" in texts[three]
    assert "跳到正文" not in texts[0] and "目录" not in texts[0]


def test_printed_drafts_carry_the_mark_on_every_page(browser: Chromium, draft_page: Path) -> None:
    browser.open(draft_page, width=1280)
    for sheet in PdfReader(io.BytesIO(browser.pdf())).pages:
        assert "草稿示例" in squeezed(sheet.extract_text())


def squeezed(text: str) -> str:
    """Without white space, and with the radicals that Chromium writes for some characters made characters again."""
    return "".join(unicodedata.normalize("NFKC", text).split())
