"""What a sentence speaks of: an application, a dispute, a document; or something that the form does not ask about.

A figure whose words name no subject has the subject named last before it, in its sentence, else in the sentence before, else in
the heading. Each subject has a sentence in which it is met; the sentences are tests.
"""

from __future__ import annotations

import re
from enum import Enum


class Matter(Enum):
    """What figures are of."""

    APPLICATION = "申请"
    REVIEW = "复议"
    COURT = "诉讼"
    FOREIGN = "别的事"
    """Proposals, letters, hotlines, licences: counted by others, and not in the form."""
    DISCLOSURE = "公开"
    DOCUMENT = "公文"
    """What becomes of documents when they are made: 主动公开, 依申请公开, 不予公开."""
    UNKNOWN = ""


# What becomes of a document when it is made, not what came of an application: 制发公文136件，主动公开28件，依申请公开0件，不予公开108件.
_COUNTED = r"(?:类|的|为|：)*\s?\d+\s?[件条份篇个]"
_DISPOSED = (
    rf"依申请公开(?=类(?!申请)|{_COUNTED}[，、；和及]*(?:不予公开|不公开){_COUNTED})"
    rf"|(?:不予公开|不公开){_COUNTED}[，、；和及]*依申请公开(?={_COUNTED})"
)

_WORDS: tuple[tuple[Matter, str, str], ...] = (
    (Matter.COURT, r"诉讼|应诉|起诉", "行政复议2件，维持1件，行政诉讼1件，维持1件。"),
    (Matter.REVIEW, r"复议", "收到申请5件，行政复议2件，维持1件。"),
    (Matter.FOREIGN,
     r"提案|议案|建议(?!稿)|信访|来信|来访|来电|(?<!公开)(?<!申请)来件|热线|12345|12315|信箱|信件|留言|咨询|投诉|举报|诉求|工单|求助|问政|网民|舆情|便民服务平台"
     r"|(?:许可|补助|救助|低保|住房|贷款|专利|登记|报名|认定|更正|备案|执行|仲裁|证照?|户口|入党|困难|退税|保障房|公租房)[^，。；、]{0,6}申请|证明|公证|调解|执法检查|专项检查|会议|培训|访谈|发布会|宣讲",
     "办理人大代表建议和政协提案6件，办结6件。"),
    (Matter.DOCUMENT, _DISPOSED, "制发公文136件，依申请公开0件，不予公开108件，主动公开28件。"),
    (Matter.APPLICATION,
     r"(?:信息公开[^，。；、复诉]{0,4}申[请报]|依申请|公开申请|申请公开|申请政府信息|政府信息申请|申请件|类申请|重复申请|(?:收到|受理|接到|接收|新收|办理|处理|答复|办结)[^，。；、复诉许证]{0,6}申请|[件宗例]申请|申请人|申请事项|申请(?:数|总|量|(?=\s?\d))|结转[^，。；、]{0,4}申请)(?:公开的?(?:政府|政务)?信息(?!公开))?",
     "收到政府信息公开申请5件，办结4件。"),
    (Matter.DISCLOSURE, r"主动公开|(?:公开|发布|推送|刊发|转发|更新)(?:了|的)?(?:各类|各项|有关|相关)?(?:政府|政务)?信息(?!公开申请|公开行政|公开事务)|制发|规范性文件", "制发政府信息130件，不予公开112件。"),
)  # fmt: skip

EXAMPLES: dict[Matter, str] = {matter: example for matter, _, example in _WORDS}
ANY = re.compile("|".join(f"(?P<{matter.name}>{words})" for matter, words, _ in _WORDS))


def last_matter(words: str) -> Matter:
    """The subject that a text names last; UNKNOWN where it names none."""
    last = Matter.UNKNOWN
    for match in ANY.finditer(words):
        last = Matter[match.lastgroup or "UNKNOWN"]
    return last
