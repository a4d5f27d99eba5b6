"""What of a part's lines is no running text: words of a screenshot, buttons of a page; and lines that were broken in two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nianbao.published.labels import compact

_SHORT = 20
"""Characters of the longest caption of a button or line of a screenshot."""
_FEWEST = 3
_BUTTONS = 2
"""Lines that a run must have, and of these, ones that only an application says."""
_MARKS = re.compile(r"[。；;，,：:！!？?]")
_NUMBERED = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[）)、.\uff0e是]|第[一二三四五六七八九十]|附件|附表|附图|图[0-9]|表[0-9]"
)
_BUTTON = re.compile(
    r"""
      (?:已)?关注(?:公众号|我们)?$      # 已关注公众号
    | [0-9]+(?:个|位)?(?:朋友关注|粉丝)  # 480个朋友关注
    | [0-9]+篇原创内容                  # 8篇原创内容
    | 发消息$ | 消息视频服务$ | 视频号$ | 写留言$ | 阅读原文$ | 继续滑动看下一个$
    | (?:点赞|在看|收藏|分享|转发|评论|赞)[0-9]*(?:(?:点赞|在看|收藏|分享|转发|评论|赞)[0-9]*)*$
    | (?:微信)?扫一扫 | 长按.{0,6}识别 | 轻触.{0,4}阅读 | 返回顶部$ | 返回列表$ | 返回$
    | 打印(?:本页)?$ | 关闭(?:窗口)?$ | 打印关闭$ | 字号[大中小]* | 【?(?:大|中|小)】?$ | 首页(?:>.*)?$ | 当前位置
    """,
    re.VERBOSE,
)
_END = re.compile(r"[。；;：:！!？?…][”’）)》」】]?$")
_GOES_ON = re.compile(r"[，,、]$")
_INSIDE = re.compile(r"[\u3400-\u9fff”’）)》」】0-9A-Za-z]$")
_BEGINS = re.compile(r"[\u3400-\u9fff“‘《「]")


def screenshots(lines: Sequence[str]) -> list[range]:
    """Runs of short lines without punctuation of which several are what only buttons and applications say."""
    found = []
    start = 0
    for end in range(len(lines) + 1):
        if end < len(lines) and _is_caption(lines[end]):
            continue
        run = range(start, end)
        if len(run) >= _FEWEST and sum(bool(_BUTTON.match(compact(lines[i]))) for i in run) >= _BUTTONS:
            found.append(run)
        start = end + 1
    return found


def _is_caption(line: str) -> bool:
    text = compact(line)
    return len(text) <= _SHORT and not _MARKS.search(text) and not _NUMBERED.match(text)


def joined(lines: Sequence[str]) -> list[str]:
    """Lines of which those that break off in mid-sentence go on with the next.

    A line breaks off behind a comma, or, where it is running text, behind any word; the next one goes on where it is
    no heading or item of its own, and brings a sentence to its end.
    """
    result: list[str] = []
    for line in lines:
        if result and _breaks_off(result[-1], line):
            result[-1] = result[-1].rstrip() + line.strip()
        else:
            result.append(line)
    return result


def _breaks_off(line: str, following: str) -> bool:
    line, following = line.strip(), following.strip()
    if not _BEGINS.match(following) or _NUMBERED.match(following) or not _END.search(following):
        return False
    if _GOES_ON.search(line):
        return True
    return bool(_MARKS.search(line) and _INSIDE.search(line) and not _END.search(line))
