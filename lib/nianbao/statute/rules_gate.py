"""The rules of the gate: the executed notebook, and so the document made of it, is what the report says.

They judge the notebook and not the params, so no waiver reaches them.
"""

from __future__ import annotations

from nianbao.statute.rule import AtGate, Rule, Severity

_FORM = "《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）"
_PRACTICE = "惯例：核对过的与印出的应当一致"
_RUN_ALL = "“运行”→“重新启动内核并运行全部单元格”，保存后再导出"

GATE_RULES = (
    Rule(
        code="G-01",
        severity=Severity.ERROR,
        test=AtGate("parts"),
        holds="标题、六个部分和落款各出现一次，次序与法定标题一致。",
        fails="{what}",
        remedy="按模板恢复这一部分的单元格和标题，不要的标签删除，重新运行全部单元格",
        source=f"{_FORM}附件",
        example="在 JupyterLab 中误删“四、”下面的单元格，成品没有第四部分。",
    ),
    Rule(
        code="G-02",
        severity=Severity.ERROR,
        test=AtGate("runs"),
        holds="每个单元格都运行成功。",
        fails="{what}",
        remedy=f"改正这个单元格，{_RUN_ALL}",
        source=_PRACTICE,
        example="一个单元格出错，错误信息印进正文。",
    ),
    Rule(
        code="G-03",
        severity=Severity.ERROR,
        test=AtGate("one_report"),
        holds="各部分出自同一份报告，即参数文件现在的这一份。",
        fails="{what}",
        remedy=_RUN_ALL,
        source=_PRACTICE,
        example="运行后又改了参数文件，或只重新运行了一部分单元格。",
    ),
    Rule(
        code="G-04",
        severity=Severity.ERROR,
        test=AtGate("parameters"),
        holds="参数单元格写明的单位和年份，就是所显示的单位和年份。",
        fails="{what}",
        remedy=f"改正 township 和 year，{_RUN_ALL}",
        source=_PRACTICE,
        example="用安海镇运行后把参数改为永和镇，没有重新运行。",
    ),
    Rule(
        code="G-05",
        severity=Severity.ERROR,
        test=AtGate("grids"),
        holds="第二、三、四部分表格的每一格与报告一致。",
        fails="{what}",
        remedy=f"数在参数文件或登记簿里改，不在笔记本里改；{_RUN_ALL}",
        source=_PRACTICE,
        example="单元格里把 0 替换成 7 再显示。",
    ),
    Rule(
        code="G-06",
        severity=Severity.ERROR,
        test=AtGate("texts"),
        holds="标题、正文、图表和落款与报告一致。",
        fails="{what}",
        remedy=f"文字在参数文件里改，不在笔记本里改；{_RUN_ALL}",
        source=_PRACTICE,
        example="单元格里删去一段正文。",
    ),
    Rule(
        code="G-07",
        severity=Severity.ERROR,
        test=AtGate("added_figures"),
        holds="添加的内容里，每个数都与报告的数一致，或在参数文件的 declared 中说明。",
        fails="{what}",
        remedy="改为报告里的数；确有出处而表中没有的，写入参数文件的 declared；只给自己看的，给单元格加标签 internal",
        source=_PRACTICE,
        example="添加一段“全年主动公开信息9999条”。",
    ),
    Rule(
        code="G-08",
        severity=Severity.ERROR,
        test=AtGate("added_roles"),
        holds="添加的内容是正文、三级以下标题、表格和图片，不冒用标题、文号、落款和法定部分的标题。",
        fails="{what}",
        remedy="改为普通段落；小标题写成 ###",
        source=_PRACTICE,
        example="添加一个“## 七、其他事项”。",
    ),
    Rule(
        code="G-09",
        severity=Severity.ERROR,
        test=AtGate("readable"),
        holds="笔记本可以逐格读出，所用的参数文件找得到。",
        fails="{what}",
        remedy="在项目文件夹里运行和导出；认不出的输出删除或改为文字",
        source=_PRACTICE,
        example="把笔记本单独拷到别处导出，旁边没有 params。",
    ),
)
