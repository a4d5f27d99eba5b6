"""True narratives by the thousand, and one fault in each: random figures in many frames, orders, stops, units and hedges.

A story is made of tellings; each is a template with figures in it, every figure with the fault that a wrong one would be (or none,
where the text itself cannot show it). All names and figures are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from nianbao.wording import percentage

NAMES = (
    *("机构职能", "政策文件", "规划计划", "财政预决算", "人事招录", "工作动态", "通知公告", "民生实事", "乡村振兴", "社会救助", "安全生产", "应急管理"),
    *("生态环境", "教育卫生", "文化旅游", "项目建设", "涉农补贴", "会议纪要", "领导分工", "办事指南", "招标采购", "食品监管", "养老服务", "住房保障"),
    *("“一老一小”", "防汛抗旱", "村务监督", "拥军优属", "河湖治理", "禁毒宣传", "路灯维修", "水库移民", "桥梁养护", "古厝修缮", "渔港建设", "殡葬改革"),
)  # fmt: skip
SUFFIXES = ("", "类", "信息", "类信息", "方面信息")
LEADS = ("全年", "2023年，我镇", "一年来", "2023年度，", "年内", "截至2023年12月31日，", "")
PUBLISH = (
    "主动公开政府信息",
    "主动公开各类政府信息共",
    "累计公开信息",
    "公开政务信息",
    "主动公开信息共计",
    "共发布政府信息",
    "更新政府信息",
)
OPENERS = (
    "，其中",
    "，其中：",
    "，包括",
    "，涵盖",
    "，分别为",
    "，分别是",
    "，具体为",
    "：",
    "，主要为",
    "。其中，",
    "。其中：",
    "，具体如下：",
    "，内容涉及",
)
COMPLETE = frozenset({"，分别为", "，分别是", "，具体为", "，具体如下："})
NOISE = (
    "开展政务公开培训{a}次，参训{b}人次。", "办理12345热线工单{b}件，按时办结率100%。", "办理人大代表建议{a}件、政协提案{a2}件，均已答复。",
    "全镇{a}个村（社区）设立公开栏{b}处。", "公众号粉丝{b}人，较上年增加{a}人，阅读量{c}万次。", "召开会议{a}次，研究部署信息公开工作。",
    "历年累计公开信息{b2}条。", "受理行政许可申请{b}件，办结{b}件。", "投入经费{c}万元，更新查询机{a}台。", "回应群众留言{b}条，满意率{p}%。",
    "“{c}+N”机制运行平稳，落实《2022年政务公开工作要点》。", "咨询电话0595-85{d}。", "组织学习{a}次，印发宣传册{b}余份。", "坚持“三审三校”，全年无泄密事件。",
    "受理群众来件{b}件，办结{done}件，办结率{rate}%。", "制发公文{b}份，其中主动公开{x}份，依申请公开{y}份，不予公开{z}份。",
    "解决诉求{b}件，比上年增加{a}件，增长{growth}%。", "报送稿件{b}篇，同比增长{growth}%（上年为{last}篇）。",
    "处理来信{x}件、来访{y}件、来电{z}件，三项合计{b}件。", "制作图表{b}幅，其中长图{x}幅、漫画{rest}幅，分别占{part}%、{others}%。",
    "检查公开栏{b}处。按检查结果分，更新及时{x}处、不及时{rest}处。", "{a}个领域信息{b}条已按目录归集，政务微博（1个）转发{c}条。",
)  # fmt: skip


@dataclass
class Slot:
    """A figure of a story: its place in the text, its value, and the kind of fault that a wrong one is; empty for none."""

    value: int
    kind: str
    unit: str = ""


@dataclass
class Story:
    """Text with ``\\0i\\0`` where figure i stands; the cells that the report holds."""

    text: list[str] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    cells: dict[str, int] = field(default_factory=dict)
    disclosed: int | None = None

    def put(self, value: int, kind: str = "", unit: str = "") -> str:
        self.slots.append(Slot(value, kind, unit))
        return f"\0{len(self.slots) - 1}\0{unit}"

    def told(self, wrong: int = -1, value: int = 0, write: Callable[[int], str] = str) -> str:
        """The text, with one figure replaced where ``wrong`` says which."""
        text = "".join(self.text)
        for index, slot in enumerate(self.slots):
            text = text.replace(f"\0{index}\0", write(value if index == wrong else slot.value))
        return text


def split(rng: random.Random, total: int, parts: int, least: int = 1) -> list[int]:
    """A total in so many parts, none of them below ``least``."""
    free = total - least * parts
    cuts = sorted(rng.randint(0, free) for _ in range(parts - 1))
    return [least + b - a for a, b in zip([0, *cuts], [*cuts, free], strict=True)]


def story(seed: int) -> Story:
    """A true narrative; the same for the same seed."""
    rng = random.Random(seed)
    one = Story()
    tellings = [rng.choice((classes, channels)), applications, disputes]
    one.text.append("（一）主动公开。")
    tellings[0](rng, one)
    noise(rng, one)
    one.text.append("\n（二）依申请公开。")
    applications(rng, one)
    noise(rng, one)
    one.text.append("\n（三）监督保障。")
    noise(rng, one)
    if rng.random() < 0.6:
        disputes(rng, one)
    else:
        one.cells |= {
            f"t4.{group}.{column}": 0
            for group in ("review", "direct", "after_review")
            for column in ("upheld", "corrected", "other", "pending", "total")
        }
    return one


def noise(rng: random.Random, one: Story) -> None:
    for telling in rng.sample(NOISE, rng.randint(0, 2)):
        a, b = rng.randint(2, 12), rng.randint(15, 900)
        x, y, z = split(rng, b, 3)
        done = b - rng.randint(1, 9)
        one.text.append(
            telling.format(
                a=a,
                a2=a + 1,
                b=b,
                b2=b * 40,
                c=rng.randint(1, 40),
                d=rng.randint(100000, 999999),
                p=rng.choice((97, 98, 99, 100)),
                x=x,
                y=y,
                z=z,
                rest=y + z,
                done=done,
                rate=f"{done * 100 / b:.1f}",
                last=b - a,
                growth=f"{a * 100 / (b - a):.1f}",
                part=f"{x * 100 / b:.1f}",
                others=f"{(y + z) * 100 / b:.1f}",
            )
        )


def classes(rng: random.Random, one: Story) -> None:
    """What was disclosed, by class."""
    total = rng.choice((rng.randint(14, 60), rng.randint(60, 999), rng.randint(1000, 9000)))
    one.disclosed = total
    unit = rng.choice(("条", "条", "条", "件", "篇"))
    names = rng.sample(NAMES, rng.randint(3, 9))
    counts = split(rng, total, len(names))
    suffix = rng.choice(SUFFIXES)
    rest = rng.random() < 0.5
    if rest:
        names[-1] = rng.choice(("其他", "其它", "其他各"))
        suffix = suffix or "信息"
    opener = rng.choice(OPENERS)
    complete = rest or opener in COMPLETE
    lead = rng.choice(LEADS) + rng.choice(PUBLISH)
    way = rng.random()
    share = way < 0.2
    kind = "class" if complete else "class, more"  # fewer cannot be seen where others may be left out
    if way > 0.88:  # 合计 at the end
        told = [f"{name}{suffix}{one.put(count, 'class', unit)}" for name, count in zip(names, counts, strict=True)]
        one.text.append(
            f"主动公开的信息中，{'、'.join(told)}，{rng.choice(('共计', '合计'))}{one.put(total, 'total', unit)}。"
        )
        return
    more = rng.randint(1, 9)
    growth = ""
    if rng.random() < 0.15 and opener.startswith("。") and total > more:
        growth = f"，比上年增加{more}{unit}，增长{more * 100 / (total - more):.1f}%"
    one.text.append(f"{lead}{one.put(total, 'total' if complete else 'total, less', unit)}{growth}")
    if 0.78 < way < 0.88:  # line by line
        one.text.append("，具体如下：\n")
        told = [
            f"{number}.{name}{suffix}{one.put(count, 'class', unit)}"
            for number, (name, count) in enumerate(zip(names, counts, strict=True), start=1)
        ]
        one.text.append("；\n".join(told) + "。")
        return
    one.text.append(opener)
    stop = (
        rng.choice(("、", "，"))
        if opener.startswith("，其中") and not opener.endswith("：")
        else rng.choice(("、", "，", "；"))
    )
    told = []
    for name, count in zip(names, counts, strict=True):
        item = f"{name}{suffix}{one.put(count, kind, unit)}"
        if share:
            item += f"，占{percentage(count, total)}" if stop != "，" else f"（占{percentage(count, total)}）"
        elif rng.random() < 0.12:
            item += rng.choice(("（含机构设置、领导分工等）", "（主要为通知、公示）"))
        elif rng.random() < 0.08 and count > 3:
            inner = split(rng, count, 2)
            item += f"（其中图文{inner[0]}{unit}、视频{inner[1]}{unit}）"
        told.append(item)
    one.text.append(stop.join(told) + "。")
    if rng.random() < 0.3:
        one.text.append(f"此外，通过微信公众号推送信息{rng.randint(100, 3000)}{unit}。")


def channels(rng: random.Random, one: Story) -> None:
    """What was disclosed, by channel."""
    total = rng.choice((rng.randint(30, 99), rng.randint(100, 3000)))
    unit = rng.choice(("条", "篇"))
    names = rng.sample(
        ("政府门户网站", "微信公众号", "政务公开栏", "抖音号", "电子显示屏", "村级微信群"), rng.randint(2, 4)
    )
    counts = split(rng, total, len(names))
    one.disclosed = None
    told = rng.choice((True, False))
    verb = rng.choice(("公开", "发布", "公开信息", "推送信息"))
    items = [
        f"{'通过' if told else ''}{name}{verb}{one.put(count, 'channel', unit)}"
        for name, count in zip(names, counts, strict=True)
    ]
    stop = rng.choice(("、", "，"))
    match rng.randrange(3):
        case 0:
            one.text.append(
                f"{rng.choice(LEADS)}通过各渠道累计公开政府信息{one.put(total, 'channel', unit)}，其中{stop.join(items)}。"
            )
        case 1:
            one.text.append(f"{stop.join(items)}，{rng.choice(('合计', '共计'))}{one.put(total, 'channel', unit)}。")
        case _:
            one.text.append(
                f"{rng.choice(LEADS)}多渠道公开政府信息共计{one.put(total, 'channel', unit)}，分别为：{stop.join(items)}。"
            )


OUTCOMES = (("granted", "予以公开"), ("partial", "部分公开"), ("denied.third_party", "不予公开"), ("unavailable.not_held", "无法提供"), ("declined.repeat", "不予处理"), ("other.other", "其他处理"))  # fmt: skip


def applications(rng: random.Random, one: Story) -> None:
    """What was applied for and what became of it."""
    t3 = dict.fromkeys(("received", "carried_in", "carried_out", *(key for key, _ in OUTCOMES)), 0)
    done = rng.choice((0, rng.randint(2, 12), rng.randint(13, 400)))
    mine = rng.sample(OUTCOMES, rng.randint(1, min(5, max(1, done)))) if done else []
    for (key, _), count in zip(mine, split(rng, done, len(mine)) if mine else [], strict=True):
        t3[key] = count
    if done:
        t3["carried_out"] = rng.choice((0, 0, rng.randint(1, 6)))
        t3["carried_in"] = rng.choice((0, 0, rng.randint(1, min(6, done))))
        t3["received"] = done + t3["carried_out"] - t3["carried_in"]
        if not t3["received"]:
            t3["carried_in"], t3["received"] = 0, done + t3["carried_out"]
    natural = rng.randint(0, t3["received"])
    one.cells |= {f"t3.{key}.total": count for key, count in t3.items()} | {"t3.total.total": done}
    one.cells |= {"t3.received.natural": natural, "t3.received.commercial": t3["received"] - natural}
    unit = rng.choice(("件", "件", "件", "宗", "例"))
    lead = rng.choice(("全年", "2023年，我镇", "本年度", "年内", ""))
    what = rng.choice(
        (
            "收到政府信息公开申请",
            "受理政府信息公开申请",
            "共收到信息公开申请",
            "新收政府信息公开申请",
            "接到依申请公开",
            "收到公民、法人和其他组织提出的政府信息公开申请",
            "共接收依申请公开事项",
        )
    )
    one.text.append(f"{lead}{what}{one.put(t3['received'], 'received', unit)}")
    if not done:
        one.text.append("。")
        return
    if rng.random() < 0.25 and natural and natural < t3["received"]:
        one.text.append(
            f"，其中自然人{one.put(natural, '', unit)}、商业企业{one.put(t3['received'] - natural, '', unit)}"
        )
    if t3["carried_in"] or rng.random() < 0.2:
        one.text.append(
            f"，{rng.choice(('上年结转', '上年度结转', '上年结转申请'))}{one.put(t3['carried_in'], 'carried', unit)}"
        )
    one.text.append(rng.choice(("。", "；", "，")))
    one.text.append(
        f"{rng.choice(('办结', '已办结', '按时办结', '答复'))}{one.put(done, 'handled' if not t3['carried_in'] else '', unit)}"
    )
    if t3["carried_out"] or rng.random() < 0.2:
        forward = one.put(t3["carried_out"], "carried", unit)
        one.text.append(
            rng.choice((f"，结转下年度继续办理{forward}", f"，{forward}结转下年度办理", f"，结转至2024年{forward}"))
        )
    one.text.append("。")
    if len(mine) > 1:
        stop = rng.choice(("、", "，", "；"))
        share = rng.random() < 0.3
        told = []
        for key, name in mine:
            item = f"{name}{one.put(t3[key], 'outcome', unit)}"
            told.append(f"{item}，占{percentage(t3[key], done, 2)}" if share and stop == "；" else item)
        start = rng.choice(("其中，", "办理结果中，", "所有申请中，", ""))
        one.text.append(f"{start}{stop.join(told)}。")


def disputes(rng: random.Random, one: Story) -> None:
    """Reviews and suits."""
    one.cells |= {
        f"t4.{group}.{column}": 0
        for group in ("review", "direct", "after_review")
        for column in ("upheld", "corrected", "other", "pending", "total")
    }
    review, court = rng.randint(0, 9), rng.randint(0, 5)
    upheld = rng.randint(0, review)
    one.cells |= {"t4.review.total": review, "t4.review.upheld": upheld, "t4.review.pending": review - upheld}
    one.cells |= {"t4.direct.total": court, "t4.direct.upheld": court}
    unit = rng.choice(("件", "件", "起", "宗"))
    r, c = one.put(review, "dispute", unit), one.put(court, "dispute", unit)
    one.text.append(rng.choice((
        f"因政府信息公开引发行政复议{r}、行政诉讼{c}。",
        f"发生行政复议{r}，行政诉讼{c}。",
        f"全年因政府信息公开被申请行政复议案件{r}，被提起行政诉讼案件{c}。",
        f"收到针对政府信息公开的行政复议{r}；行政诉讼{c}。",
    )))  # fmt: skip
