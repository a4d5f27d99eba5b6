"""A text as tokens: figures, stops, brackets, and the words that open or end a row of parts.

Nothing that is written with digits is passed over: a run of digits is a quantity (1,057条, 2.2万次, 69), a share (14.5%), or a
number that counts nothing, with what it is instead (a date, a telephone, a name in 《》); or it cannot be read, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from nianbao.report.prose import TO_FILL
from nianbao.rules.judge import units
from nianbao.rules.judge.markers import DIVIDES, OPENERS, OUTSIDE
from nianbao.rules.judge.numerals import FINANCIAL, NUMERAL, chinese_number


class Kind(Enum):
    """What a token is."""

    QUANTITY = "quantity"
    SHARE = "share"
    NUMBER = "number"
    """A number that counts nothing; ``why`` says what it is."""
    UNREADABLE = "unreadable"
    STOP = "stop"
    OPEN = "open"
    CLOSE = "close"
    OPENER = "opener"
    OUTSIDE = "outside"
    GAP = "gap"
    """What is still to be filled in, and whatever else its sentence holds but figures."""


STRENGTH = {"：": 0, ":": 0, "、": 1, "/": 1, "，": 2, ",": 2, "；": 3, "。": 4, "！": 4, "？": 4, "\n": 5}
"""How strongly a stop parts what stands on its sides."""
COLON, ENUMERATION, COMMA, SEMICOLON, FULL_STOP, NEWLINE = range(6)


@dataclass(slots=True)
class Token:
    """A token of the normal form of a text.

    Attributes
    ----------
    value : Decimal
        Of a quantity or share; 万 and 亿 multiplied out, 万元 in 元.
    step : Decimal
        The worth of its last digit: 2.2万 says nothing below 1,000.
    unit, hedge : str
        件, 条…; 约, 余, 以上 and the like, empty for an exact figure.
    why : str
        What a number is that counts nothing, or why it cannot be read.
    strength : int
        Of a stop.
    partner : int
        Of a bracket: the index of the other one; -1 for one that has none.
    depth : int
        How many brackets it stands in.
    year : int
        Of a date that names one; 0 otherwise.
    numeral : tuple of int
        Where the digits stand, without scale and unit.
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: Decimal = Decimal(0)
    step: Decimal = Decimal(1)
    unit: str = ""
    hedge: str = ""
    why: str = ""
    strength: int = -1
    partner: int = -1
    depth: int = 0
    year: int = 0
    in_words: bool = False
    numeral: tuple[int, int] = (0, 0)

    @property
    def is_figure(self) -> bool:
        return self.kind in _FIGURES


_FIGURES = frozenset({Kind.QUANTITY, Kind.SHARE, Kind.NUMBER, Kind.UNREADABLE})

_N = NUMERAL
_NOT_AFTER = f"第每任某这那同哪逐统唯单之进数几{NUMERAL[1:-1]}"
# Letters of any script but Chinese: beside a digit they make a name (G20) or an imitation of a number (1O57).
_LETTER = r"A-Za-z\u00aa-\u02ff\u0370-\u1fff\u2c00-\u2dff\ua000-\uabff"
# Digits other than 0 to 9.
_OTHER = (
    r"\u00b2\u00b3\u00b9\u00bc-\u00be\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u0e50-\u0e59\u2070-\u2079\u2080-\u2089\u2150-\u2189"
    r"\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3021-\u3029\u3038-\u303a\u3192-\u3195\u3220-\u3229\u3248-\u324f\u3251-\u325f"
    r"\u3280-\u3289\u32b1-\u32bf\U0001f100-\U0001f10c\U0001d7ce-\U0001d7ff"
)
_COUNTED = "条|件|篇|份|项|个|次|宗|起|例|期|场|人|元|万"
_YEAR = r"(?:19|20)\d{2}"

MASKS: tuple[tuple[str, str, str], ...] = (
    ("gap", "待填", TO_FILL.pattern),
    ("address", "网址", r"https?://[\w./?=&%#:~+-]{1,200}|www\.[\w./?=&%#~-]{1,200}|[\w.-]{1,64}@[\w.-]{1,64}"),
    ("site", "网址", r"(?<![A-Za-z0-9.-])[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,40}){0,4}\.(?:cn|com|net|org)(?![A-Za-z0-9])"),
    ("title", "书名", r"《[^》\n]{0,120}》|〈[^〉\n]{0,120}〉"),
    ("quotation", "引文", r"“[^”\n]{0,24}”|‘[^’\n]{0,24}’|「[^」\n]{0,24}」|『[^』\n]{0,24}』"),
    ("document", "文号", rf"[〔\[【（\uff3b]\s?{_YEAR}\s?[〕\]】）\uff3d]\s?第?\s?\d{{1,5}}\s?号"),
    ("ordinal", "序数", rf"第\s?(?:\d{{1,6}}|{_N}{{1,6}})\s?(?:（[^）\n]{{1,4}}）)?[条款项期次批届号类章部个名份件轮页]?令?"),
    ("listed", "序号", rf"(?:(?<=\n)|(?<=\n )|(?<=\n  )|(?<![\s\S]))(?:（(?:\d{{1,2}}|{_N}{{1,3}})）|(?:\d{{1,2}}|{_N}{{1,3}})[、.](?!\d)|\d{{1,2}}）|[\u2460-\u249b\u3220-\u3229\u3280-\u3289\u2776-\u277f])"
     r"|(?<=[。；：，])[ ]?(?:（(?:\d{1,2})）|\d{1,2}\.(?![\d ])|[\u2460-\u249b])(?=[\u4e00-\u9fff])"),
    ("phone", "电话", r"(?<![\d.])(?:\+?86-?)?(?:0\d{2,3}\s?-\s?\d{7,8}(?:\s?-\s?\d{1,5})?|[48]00-?\d{3}-?\d{4}|1[3-9]\d-?\d{4}-?\d{4})(?!\d)|(?:电话|传真|手机|拨打)[^\d\n，。；]{0,8}\d[\d -]{1,18}\d"),
    ("postcode", "邮编", r"(?:邮编|邮政编码)[^\d\n]{0,4}\d{6}(?!\d)"),
    ("clock", "时刻", r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)"),
    ("years", "日期", rf"(?<![\d.]){_YEAR}\s?年?\s?[-~至]+\s?{_YEAR}\s?(?:年度?|学年)"),
    ("date", "日期", rf"(?<![\d.]){_YEAR}\s?年度?(?:\s?(?:\d{{1,2}}\s?[-~至]\s?)?\d{{1,2}}\s?月份?(?:\s?\d{{1,2}}\s?[日号])?)?|二[〇零○][〇零○一二三四五六七八九]{{2}}年度?"),
    ("day", "日期", rf"(?<![\d.]){_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?![\d.])|(?<![\d.])\d{{1,2}}\s?(?:[-~至]\s?\d{{1,2}}\s?)?月份?(?:\s?\d{{1,2}}\s?[日号])?|(?<![\d.])\d{{1,2}}[·.•]\d{{1,2}}(?=\s?(?:政务|国际|全国|宣传))"),
    ("hotline", "热线", r"(?<!\d)(?:1[12]\d{3}|96\d{3,4})(?=[^\d\n，。；]{0,8}(?:热线|平台|工单|便民|诉求|市民|举报|投诉|咨询))"),
    ("number", "编号", r"(?<![\d.,])\d{1,6}\s?号(?:楼|院|室|令)?|(?<![\d.,])\d{1,4}\s?(?:室|幢|栋|单元|层)(?!次)|(?<![\d.,])\d{9,}[Xx]?(?![\dA-Za-z.]|\s?(?:条|件|元|次))"),
    ("time", "时间", rf"(?<![\d.])(?:\d+(?:\.\d+)?|(?<![{_NOT_AFTER}])[一二两三四五六七八九十]{{1,3}})\s?(?:余|多)?(?:{units.TIME})(?!度)"),
    ("grade", "等级", r"(?:[\u2160-\u217b]|(?<![A-Za-z0-9])[IVX]{1,4})(?=\s?(?:级|类|型|期|等|度|标段))"),
    ("points", "条目", r"(?<![\d.])\d+\s?个?大?(?:部分|方面|环节|阶段|层面|维护|确立|意识|自信|步骤|统一)"),
)  # fmt: skip
"""What holds digits and is no figure: name of the group, what it is, pattern."""

_PATTERNS = (
    *((name, pattern) for name, _, pattern in MASKS),
    ("spaced", r"(?<![\d.,])\d+(?: \d+)+(?![\d.,])"),
    ("share", rf"(?<![\d{_LETTER}.])(?P<percent>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)\s?(?:%|‰|个百分点|个点)|百分之(?P<spoken_percent>{_N}{{1,5}}|\d+(?:\.\d+)?)"),
    ("quantity", rf"(?<![\d{_LETTER}.])(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<fraction>\.\d+)?(?![\d{_LETTER}'’_]|\.\d|,\d{{3}}(?!\d)|[+~/·•-]\d)"
     rf" ?(?P<scale>(?:百万|千万|万亿|万|亿|千|百)(?!元))? ?(?P<more>余|多|来|\+)? ?(?P<unit>{units.PATTERN})?"),
    ("financial", rf"(?<!{FINANCIAL})(?P<money>{FINANCIAL}{{0,8}}[壹贰叁肆伍陆柒捌玖拾佰仟]{FINANCIAL}{{0,16}})\s?(?P<money_unit>{units.PATTERN})?"),
    ("code", rf"(?<![0-9{_LETTER}])[{_LETTER}]{{0,20}}[0-9][0-9{_LETTER}{_OTHER}+~/.,·•'’_-]{{0,60}}"),
    ("other", rf"[{_OTHER}]+[0-9]*|[0-9]+"),
    ("letters", rf"(?<![0-9{_LETTER}])(?:[IVXLC]{{1,6}}|[OoIl]{{1,4}})(?=\s?(?:条|件|篇|份|项|个|次|宗|起|例))|(?<=：)[IVXLC]{{1,6}}(?=[。；\n])"),
    ("opener", rf"(?<!不)(?:{'|'.join((*sorted(OPENERS, key=lambda word: -len(word)), *DIVIDES))})"),
    ("outside", "|".join(sorted(OUTSIDE, key=lambda word: -len(word)))),
    ("spoken", rf"(?<![{_NOT_AFTER}])(?P<words>{_N}{{1,12}})(?P<words_more>余|多)?大?(?P<words_unit>{units.IN_WORDS})"),
    ("bare", rf"(?<![{_NOT_AFTER}])(?P<alone>(?<=[为是：共])[零〇○廿卅]|{_N}{{2,12}})(?=[，。；\n）]|(?![\s\S]))"),
    ("open", r"[（(〔\[【\uff3b]"),
    ("close", r"[)）〕\]】\uff3d]"),
)  # fmt: skip
_DIGITS_FIRST = (
    "address",
    "site",
    "listed",
    "phone",
    "clock",
    "years",
    "date",
    "day",
    "hotline",
    "number",
    "time",
    "points",
    "spaced",
    "share",
    "quantity",
    "code",
    "other",
)
_WORDS_FIRST = ("listed", "date", "time", "share", "financial", "spoken", "bare")


def _compiled(names: Iterable[str]) -> re.Pattern[str]:
    patterns = dict(_PATTERNS)
    return re.compile("|".join(f"(?P<{name}>{patterns[name]})" for name in names))


def _by_first_character() -> dict[str, re.Pattern[str]]:
    """What may begin with a character; a character that begins nothing is not in it."""
    table = dict.fromkeys("0123456789", _compiled(_DIGITS_FIRST))
    table |= dict.fromkeys(NUMERAL[1:-1] + FINANCIAL[1:-1], _compiled(_WORDS_FIRST))
    table |= dict.fromkeys("《〈", _compiled(("title",))) | dict.fromkeys("“‘「『", _compiled(("quotation",)))
    table |= dict.fromkeys("（(〔[【\uff3b", _compiled(("gap", "listed", "document", "open"))) | dict.fromkeys(
        "）)〕]】\uff3d", _compiled(("close",))
    )
    table |= {"第": _compiled(("ordinal",)), "邮": _compiled(("postcode",))} | dict.fromkeys(
        "电传手", _compiled(("phone",))
    )
    opening, outside = _compiled(("opener",)), _compiled(("outside",))
    return table | {word[0]: opening for word in (*OPENERS, *DIVIDES)} | {word[0]: outside for word in OUTSIDE}


_TABLE = _by_first_character()
_LATIN = _compiled(("grade", "address", "site", "letters", "code"))
_OTHERS = _compiled(("grade", "listed", "code", "other"))
_INTERESTING = re.compile(f"[{''.join(map(re.escape, (*_TABLE, *STRENGTH)))}{_LETTER}{_OTHER}]")
_WHY = {name: why for name, why, _ in MASKS}
_HAS_NUMBER = re.compile(rf"[0-9{_OTHER}]|{_N}")
_YEAR_OF = re.compile(rf"{_YEAR}|二[〇零○][〇零○一二三四五六七八九]{{2}}")
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 10**8, "百万": 10**6, "千万": 10**7, "万亿": 10**12}
_LOOKALIKE = re.compile(r"[0-9OoIl|.,]*[OoIl|][0-9OoIl|.,]*")
_HEDGE = re.compile(r"(约|近|接近|超过|超|逾|至少|不少于|不低于|突破|达到了?|高达|多达)(?:为|到|达|有)?\s?$")
_ROUGH = frozenset({"约", "近", "接近", "超过", "超", "逾", "至少", "不少于", "不低于", "突破", "多达", "高达"})
_HEDGE_AFTER = re.compile(r"\s?(左右|上下|以上|以下|之多)")
_ENDS = re.compile(r"\s?(?:[：:、，,；。！？\n）)（(〕\]】]|(?![\s\S]))")
_UNIT = re.compile(rf"\s?({units.PATTERN})")
_TOLD = re.compile(
    rf"(?:公开|申请|发布|推送|受理|办结|答复|收到)[^”’」』]*?(?:[0-9{_OTHER}]|{_N}{{2}}|[廿卅]|[IVXLCOol]+(?:条|件))"
)
"""A quotation that tells a figure of the year's work; any other (“三审三校”, “12345”) is a name."""
_GLUED_BEFORE = re.compile(rf"(?:{_N}|{FINANCIAL})$")
_GLUED_AFTER = re.compile(rf"(?![百千万亿佰仟])(?:{_N}|{FINANCIAL})+\s?(?:{_COUNTED})")
_IMITATION = re.compile(r"\d{1,3}(?:[ .,'’]\d{3})+|\d+[eE]\d+|0[xX][0-9A-Fa-f]+|\d+(?:\+\d+)+")
"""Written without a unit before a stop: digits parted, added or abbreviated in a way that this judge does not read."""
_THEN_COUNTED = re.compile(rf"\s?(?:{_COUNTED})")


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a text in its normal form, brackets paired, in order; in time linear in its length."""
    found: list[Token] = []
    place = 0
    while match := _INTERESTING.search(text, place):
        char, place = match[0], match.end()
        if char in STRENGTH:
            found.append(Token(Kind.STOP, match.start(), place, char, strength=STRENGTH[char]))
            continue
        pattern = _TABLE.get(char) or (_LATIN if char.isascii() or char.isalpha() else _OTHERS)
        longer = pattern.match(text, match.start())
        if longer is None:
            continue
        if longer.lastgroup == "quotation" and (_TOLD.search(longer[0]) or TO_FILL.search(longer[0])):
            continue  # what it says of the year's work is read like any other text
        if longer.lastgroup == "title" and TO_FILL.search(longer[0]):
            continue
        token = _token(text, longer)
        if token is not None:
            found.append(token)
            place = token.end
        elif longer.lastgroup in _WHY:
            place = longer.end()
    _pair(found)
    return tuple(found)


def _token(text: str, match: re.Match[str]) -> Token | None:
    name, start, end, whole = match.lastgroup or "", match.start(), match.end(), match[0]
    match name:
        case "open" | "close" | "opener" | "outside" | "gap":
            return Token(Kind(name), start, end, whole)
        case "share":
            return _share(text, match)
        case "quantity":
            return _quantity(text, match)
        case "financial":
            return _worded(text, match, "money", match["money_unit"] or "", financial=True)
        case "spoken":
            return _worded(text, match, "words", match["words_unit"], more=match["words_more"] or "")
        case "bare":
            return _worded(text, match, "alone", "")
        case "spaced":
            counted = _THEN_COUNTED.match(text, end) is not None
            if counted or (_IMITATION.fullmatch(whole) and _ENDS.match(text, end)):
                return Token(Kind.UNREADABLE, start, end, whole, why="数字之间有空格", numeral=(start, end))
            return Token(Kind.NUMBER, start, end, whole, why="编号", numeral=(start, end))
        case "code":
            return _code(text, start, whole.rstrip(".,+~/·•'’_-") or whole[:1])
        case "letters":
            return Token(Kind.UNREADABLE, start, end, whole, why="用字母代替数字", numeral=(start, end))
        case "other":
            return Token(Kind.UNREADABLE, start, end, whole, why="不是通常的数字", numeral=(start, end))
    if not _HAS_NUMBER.search(whole):
        return None
    year = _YEAR_OF.search(whole) if name == "date" else None
    number = (int(year[0]) if year[0].isascii() else chinese_number(year[0]) or 0) if year else 0
    return Token(Kind.NUMBER, start, end, whole, why=_WHY[name], year=number, numeral=(start, end))


def _share(text: str, match: re.Match[str]) -> Token:
    written = match["percent"] or match["spoken_percent"]
    spoken = match["spoken_percent"] is not None and not written[0].isascii()
    value = Decimal(chinese_number(written) or 0) if spoken else Decimal(written.replace(",", ""))
    step = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent)))
    unit = "%" if match[0].endswith("%") or match["percent"] is None else match[0][len(written) :].strip()
    name = "percent" if match["percent"] is not None else "spoken_percent"
    hedge = _hedge(text, match.start(), match.end())
    return Token(Kind.SHARE, match.start(), match.end(), match[0], value, step, unit, hedge, numeral=match.span(name))


def _hedge(text: str, start: int, end: int) -> str:
    if after := _HEDGE_AFTER.match(text, end):
        return after[1]
    before = _HEDGE.search(text, max(0, start - 6), start)
    return before[1] if before and before[1] in _ROUGH else ""


def _quantity(text: str, match: re.Match[str]) -> Token:
    start, end = match.start(), match.end()
    digits, fraction, unit = match["digits"], match["fraction"] or "", match["unit"] or ""
    numeral = (match.start("digits"), match.end("fraction") if fraction else match.end("digits"))
    before, after = _GLUED_BEFORE.search(text, max(0, start - 1), start), _GLUED_AFTER.match(text, numeral[1])
    if before or (after and not match["scale"]):
        end = after.end() if after else end
        return Token(Kind.UNREADABLE, start, end, text[start:end], why="与中文数字连写", numeral=numeral)
    if not unit and not match["scale"] and not match["more"] and not _ENDS.match(text, end):
        return Token(
            Kind.NUMBER,
            start,
            numeral[1],
            text[start : numeral[1]],
            _plain(digits, fraction),
            why="无量词",
            numeral=numeral,
        )
    if len(digits) > 1 and digits[0] == "0" and (unit or match["scale"]):
        return Token(Kind.UNREADABLE, start, end, match[0], why="以 0 开头", numeral=numeral)
    scale = Decimal(_SCALES.get(match["scale"] or "", 1))
    if unit in ("万元", "亿元"):
        scale, unit = Decimal(_SCALES[unit[0]]), "元"
    value = _plain(digits, fraction) * scale
    # Money is written with all its digits: 190.457379万元.
    step = Decimal(1) if unit == "元" or scale == 1 else scale.scaleb(-max(0, len(fraction) - 1))
    hedge = (match["more"] or "").replace("+", "余") or _hedge(text, start, end)
    return Token(Kind.QUANTITY, start, end, match[0].rstrip(), value, step, unit, hedge, numeral=numeral)


def _plain(digits: str, fraction: str) -> Decimal:
    return Decimal(digits.replace(",", "") + fraction)


def _worded(
    text: str, match: re.Match[str], group: str, unit: str, *, more: str = "", financial: bool = False
) -> Token | None:
    """A numeral in words; None where it is no numeral, unless it is written as on a cheque."""
    start, end = match.start(group), match.end()
    value = chinese_number(match[group])
    if value is None:
        if not financial:
            return None
        return Token(Kind.UNREADABLE, start, end, text[start:end], why="不成数的大写数字", numeral=match.span(group))
    scale = Decimal(_SCALES[unit[0]]) if unit in ("万元", "亿元") else Decimal(1)
    unit = "元" if unit in ("万元", "亿元") else unit
    hedge = more or _hedge(text, start, end)
    return Token(
        Kind.QUANTITY,
        start,
        end,
        text[start:end],
        value * scale,
        Decimal(1),
        unit,
        hedge,
        in_words=True,
        numeral=match.span(group),
    )


def _code(text: str, start: int, whole: str) -> Token:
    """Digits with letters or signs among them: a name (G20, 8+4), a range, or an imitation of a number."""
    end = start + len(whole)
    place = (start, end)
    if _LOOKALIKE.fullmatch(whole) and whole not in ("O2O", "o2o"):
        return Token(Kind.UNREADABLE, start, end, whole, why="数字里有形似的字母", numeral=place)
    if re.search(rf"[{_OTHER}]|[\u0370-\u1fff]", whole):
        return Token(Kind.UNREADABLE, start, end, whole, why="不是通常的数字", numeral=place)
    if _IMITATION.fullmatch(whole) and _ENDS.match(text, end):
        return Token(Kind.UNREADABLE, start, end, whole, why="数字里夹有别的符号", numeral=place)
    if re.fullmatch(r"\d+[-~]\d+", whole):
        return Token(Kind.NUMBER, start, end, whole, why="范围", numeral=place)
    if _THEN_COUNTED.match(text, end):
        named = re.fullmatch(r"[A-Za-z]{2,}(\d+)", whole)
        if named and not re.match("[IVXLC]+[0-9]", whole):  # LED3块: a name, and then a figure
            counted = _UNIT.match(text, end)
            value = Decimal(named[1])
            stop, unit = (counted.end(), counted[1]) if counted else (end, "")
            return Token(
                Kind.QUANTITY,
                end - len(named[1]),
                stop,
                text[end - len(named[1]) : stop],
                value,
                unit=unit,
                numeral=(end - len(named[1]), end),
            )
        return Token(Kind.UNREADABLE, start, end, whole, why="数字里夹有别的符号", numeral=place)
    return Token(Kind.NUMBER, start, end, whole, why="名称", numeral=place)


def _pair(tokens: list[Token]) -> None:
    """Pair the brackets of each line and count how deep everything stands; one without partner opens nothing."""
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind is Kind.STOP and token.strength == NEWLINE:
            stack.clear()
        elif token.kind is Kind.OPEN:
            stack.append(index)
        elif token.kind is Kind.CLOSE and stack:
            token.partner, tokens[stack[-1]].partner = stack[-1], index
            stack.pop()
    depth = 0
    for token in tokens:
        if token.kind is Kind.CLOSE and token.partner >= 0:
            depth -= 1
        token.depth = depth
        if token.kind is Kind.OPEN and token.partner >= 0:
            depth += 1
