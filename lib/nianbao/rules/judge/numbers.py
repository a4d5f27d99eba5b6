"""Numbers in prose: value, unit and place; 1,057条, 2.2万次, 三件, ６９条, 14.5%.

A number without a unit of counting (a year, a date, a telephone, a house number)
is not a figure and is not found. Nor is one inside a title 《…》, a short quotation,
a web address or a document number, or after 第.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nianbao.rules.judge.chinese import NUMERAL, chinese_number
from nianbao.rules.judge.passages import Passage

# A unit and what must not follow it: 条 in 条例 is no unit.
_UNITS = {
    "人次": "", "件次": "", "篇次": "", "条次": "", "场次": "", "批次": "", "万元": "", "元": "旦月素宵",
    "条": "例款目线约码龙块形件", "件": "套", "篇": "章幅", "次": "日年数", "期": "间限末货", "份": "额",
    "项": "目", "人": "民大均口才社", "场": "所地景合", "起": "草诉到来步点", "宗": "旨教", "例": "如会行",
    "则": "", "名": "称录单", "家": "庭长属", "户": "外籍口", "类": "似型内过", "部": "门分署委级队",
    "本": "级年镇街机市报部单届次", "张": "贴", "处": "理置罚室级", "批": "准示评复", "册": "", "块": "", "幅": "度", "%": "",
}  # fmt: skip
_UNIT = "|".join(
    [
        *(f"{unit}(?![{bad}])" if bad else unit for unit, bad in _UNITS.items()),
        "个(?!(?:工作日|月|小时|百分点|部分|方面|环节|阶段|维护|确立|意识|自信|层面|季度|人(?!次)|体|别|性|案|专))",
    ]
)
_ARABIC = re.compile(
    rf"(?<![\d.A-Za-z/-])(?P<digits>\d{{1,3}}(?:[,，]\d{{3}})+(?![\d])|\d+)(?P<fraction>\.\d+)?"
    rf"\s*(?P<scale>万(?!元)|亿(?!元)|千|百)?\s*(?P<more>余|多|来)?\s*(?P<unit>{_UNIT})"
)
_CHINESE_UNITS = "件(?!套)|条(?![例款目线约码龙块形件])|篇(?![章幅])|份(?!额)|期(?![间限末货])|起(?![草诉到来步点])|宗|场(?![所地景合])|则|类(?![似型内过])"
_CHINESE = re.compile(
    rf"(?<![第每任某这那同哪逐统唯单之进数几{NUMERAL[1:-1]}])(?P<numeral>{NUMERAL}{{1,9}})(?P<more>余|多)?(?:个|大)?(?P<unit>{_CHINESE_UNITS})"
)
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_ROUGH = re.compile(r"(?P<word>约|近|将近|接近|超过|超|逾|至少|不少于|以上)[^\d，。；、]{0,2}$")

_NO_FIGURES = re.compile(
    r"《[^》]*》|“[^”]{0,20}”|「[^」]{0,20}」|https?://[\w./?=&%#:-]+|www\.[\w./?=&%#-]+"
    r"|[〔\[【（(]20\d{2}[〕\]】）)]\s*第?\s*\d{1,4}\s*号|第\s*(?:\d+|[〇零一二三四五六七八九十百]+)\s*(?:[（(][^）)]{1,4}[)）])?[条款项期次批届号类章部个名份件]?"
)


@dataclass(frozen=True)
class Mention:
    """A figure in the prose.

    Attributes
    ----------
    start, end : int
        Where it stands in its passage, unit included.
    value : Decimal
        万 and 亿 multiplied out; 万元 in 元.
    step : Decimal
        The worth of its last digit: 2.2万 says nothing below 1,000.
    unit : str
        件, 条, %, 元…
    rough : str
        约, 近, 余 and the like; empty for an exact figure.
    key : str or None
        The cell that filled it in.
    in_words : bool
        Written in Chinese numerals.
    """

    passage: Passage
    start: int
    end: int
    value: Decimal
    step: Decimal
    unit: str
    rough: str = ""
    key: str | None = None
    in_words: bool = False

    @property
    def text(self) -> str:
        """As printed, e.g. 1,057条."""
        return self.passage.text[self.start : self.end]

    @property
    def figure(self) -> int | Decimal:
        """The value, as a whole number where it is one."""
        return int(self.value) if self.value == self.value.to_integral_value() else self.value.normalize()

    def quote(self, reach: int = 10) -> str:
        """The figure with what stands before it."""
        low = max(0, self.start - reach)
        return f"{'…' if low else ''}{self.passage.text[low : self.end]}"

    def agrees(self, figure: int | Decimal) -> bool:
        """Whether the words are true of a figure: exact, or as rough as they say."""
        value, actual = self.value, Decimal(figure)
        match self.rough:
            case "余" | "多" | "来" | "超" | "超过" | "逾" | "以上" | "至少" | "不少于":
                return value <= actual <= value * 2
            case "近" | "将近" | "接近":
                return value * Decimal("0.8") <= actual <= value
            case "约":
                return abs(value - actual) <= actual / 10
        if self.step <= 1:
            return value == actual
        # 2.2万 stands for what rounds to it, and for what was cut off at it.
        return value - self.step / 2 <= actual < value + self.step


def mentions(passage: Passage) -> tuple[Mention, ...]:
    """Every figure of a passage, in order."""
    return tuple(sorted(_find(passage), key=lambda mention: mention.start))


def _find(passage: Passage) -> Iterator[Mention]:
    if passage.is_heading:
        return
    text = _NO_FIGURES.sub(lambda found: "\x00" * len(found[0]), passage.folded)
    for match in _ARABIC.finditer(text):
        places = len(match["fraction"] or ".") - 1
        scale = Decimal(_SCALES.get(match["scale"] or "", 1))
        unit = match["unit"]
        if unit == "万元":
            scale, unit = Decimal(10_000), "元"
        value = Decimal(re.sub("[,，]", "", match["digits"]) + (match["fraction"] or "")) * scale
        step = scale.scaleb(-places) if scale > 1 or unit != "元" else Decimal(1)
        before = _ROUGH.search(text[: match.start()])
        rough = match["more"] or (before["word"] if before else "")
        key = next((f.key for f in passage.filled if match.start() <= f.start < match.end()), None)
        exact = unit == "元"  # money is written with all its digits: 190.457379万元
        yield Mention(passage, match.start(), match.end(), value, Decimal(1) if exact else step, unit, rough, key)
    for match in _CHINESE.finditer(text):
        number = chinese_number(match["numeral"])
        if number is not None:
            place = (passage, match.start(), match.end())
            yield Mention(*place, Decimal(number), Decimal(1), match["unit"], match["more"] or "", None, True)
