"""By what a row of figures is divided: by who applied, by which way, where it came from, what became of it.

The parts of one whole are divided in one way. Where the way changes (其中自然人4件、企业1件，办结5件), the row of parts has ended.
Each facet has its words and a sentence in which it is met; the sentences are tests.
"""

from __future__ import annotations

import re

_FACETS: tuple[tuple[str, str, str], ...] = (
    ("applicant", r"自然人|法人|企业(?!信用)|公民|科研机构|公益组织|法律服务机构|社会组织|个人申请|其他组织|律师",
     "收到申请5件，其中自然人4件、企业1件，办结5件。"),
    ("way", r"网上(?:申请|提交|受理|平台)?|网络|信函|来信|邮寄|邮件|当面|现场申请|窗口|在线|线上申请|书面申请|传真|面交|电子邮件",
     "收到申请5件，其中网络3件、信函2件，办结5件。"),
    ("origin", r"新收|上年度?结转|上一年度?结转|去年结转|年度?结转(?!下)|本年受理|结转上年|上年度?转",
     "办理申请5件，其中新收4件、上年结转1件，答复4件。"),
    ("status", r"办结|答复|予以公开|部分公开|不予公开|无法提供|不予处理|其他处理|结转(?:至|到)?(?:下|次|明|20)|转接?(?:至|到|入)?(?:下|次|明)一?年|尚未|正在办|未办结|逾期(?:未|不)补正|撤回|延期",
     "收到申请5件，其中涉及征地5件，办结4件。"),
    ("dispute", r"维持|纠正|纠错|撤销|驳回|胜诉|败诉|未审结|审理中|其他结果|撤诉",
     "发生行政复议3件，其中市政府复议3件，维持2件。"),
    ("channel", r"网站|门户|微信|公众号|微博|抖音|快手|视频号|今日头条|客户端|APP|小程序|公开栏|公示栏|公告栏|宣传栏|显示屏|LED|广播|短信|报刊|报纸|日报|电视|新媒体|公报|学习强国",
     "公开信息20条，其中政策20条，微信公众号推送812条。"),
)  # fmt: skip

FACETS: dict[str, str] = {name: example for name, _, example in _FACETS}
"""Each facet with a sentence in which it ends a row."""
_PATTERNS = tuple((name, re.compile(words)) for name, words, _ in _FACETS)


def facet_of(words: str) -> str:
    """The facet that the words of a figure name; empty for none (工作动态35条: a kind of content)."""
    return next((name for name, pattern in _PATTERNS if pattern.search(words)), "")


_ADVERBS = r"(?:全年|年内|本年度?|今年|累计|共计|共|还|并|已经?|先后|积极|及时|依法|按时|按期|统一|继续|认真|定期|深入|切实|严格|有效|扎实|同步|主动|高效|妥善)*"
_WORK = (
    "开展|召开|举办|举行|组织|收到|受理|接到|接收|接受|接待|办理|办结|答复|处理|回应|解答|回复|回答|参加|参与|培训|印发|制定|出台|制发|编制|编辑|编发|编印|建立|设立|设置|打造|"
    "完善|梳理|清理|废止|审查|审核|征集|整改|检查|发放|张贴|走访|宣传|维护|整合|优化|推出|配备|安排|邀请|走进|深入|撰写|征求|新增|落实|执行|报送|采纳|解决|化解|督促"
)
_NEW_WORK = re.compile(rf"^{_ADVERBS}(?:{_WORK})")


def begins_work(segment: str) -> bool:
    """Whether the words of a figure begin with a verb of work done (开展培训2次): no part of what was published."""
    return _NEW_WORK.match(segment.strip()) is not None
