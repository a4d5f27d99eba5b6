"""Plain values → models, with every error as one Chinese line that names file, line and key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from nianbao.errors import ErrorList, NianbaoError, ParamsError
from nianbao.params.cells import how_to_write
from nianbao.params.yamlio import KeyPath, YamlFile
from nianbao.wording import quoted, suggestion

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "int_type": "整数",
    "int_from_float": "整数",
    "string_type": "文字（加引号）",
    "bool_type": "“true”或“false”",
    "date_type": "日期，写作“年-月-日”",
    "date_from_datetime_parsing": "日期，写作“年-月-日”",
    "decimal_type": "数",
    "is_instance_of": "数",
    "list_type": "列表（每项以 - 开头）",
    "dict_type": "键和值",
    "model_type": "键和值",
    "model_attributes_type": "键和值",
}


def validate(model: type[M], file: YamlFile) -> M:
    """The file's data as ``model``.

    Raises
    ------
    ParamsError
        When something is missing, unknown or of a wrong type; several as :class:`ErrorList`.
    """
    if not isinstance(file.data, dict):
        found = "空" if file.data is None else quoted(file.data)
        raise ParamsError(
            f"{file.name}:{file.lines.get((), 1)}", f"应为键和值，实为{found}", "参照 nianbao schema 填写"
        )
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        raise_all(_in_chinese(model, file, error))


def raise_all(errors: list[NianbaoError]) -> NoReturn:
    """Raise one error as it is, several together."""
    if len(errors) == 1:
        raise errors[0]
    raise ErrorList(tuple(errors))


def _in_chinese(model: type[BaseModel], file: YamlFile, error: ValidationError) -> list[NianbaoError]:
    found: dict[tuple[KeyPath, str], NianbaoError] = {}
    for details in error.errors(include_url=False, include_context=True):
        path = _within(file.data, details["loc"])
        kind = "union" if _is_union_branch(path, details["loc"]) else details["type"]
        found.setdefault((path, kind), _message(model, file, path, details))
    return list(found.values())


def _within(data: Any, loc: tuple[int | str, ...]) -> KeyPath:
    """The part of pydantic's location that is a path in the file (it also names branches of unions)."""
    path: list[int | str] = []
    for step in loc:
        if isinstance(data, dict):
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif data is not None:
            break
        path.append(step)
    return tuple(path)


def _is_union_branch(path: KeyPath, loc: tuple[int | str, ...]) -> bool:
    return len(path) < len(loc)


def _message(model: type[BaseModel], file: YamlFile, path: KeyPath, details: ErrorDetails) -> ParamsError:
    where, name = file.where(path), dotted(path)
    context: dict[str, Any] = details.get("ctx") or {}
    match details["type"]:
        case "missing":
            return ParamsError(file.where(path[:-1]), f"缺少 {name}", f"补上 {path[-1]}：")
        case "extra_forbidden":
            known = sorted(_fields_at(model, path[:-1]))
            return ParamsError(where, f"没有 {name} 这个键", suggestion(str(path[-1]), known))
        case "greater_than_equal":
            expected = f"不小于 {context['ge']} 的数"
        case "less_than_equal":
            expected = f"不大于 {context['le']} 的数"
        case "string_too_short":
            expected = f"至少 {context['min_length']} 个字"
        case "too_short":
            return ParamsError(where, f"{name} 应至少有 {context['min_length']} 项，实有 {context['actual_length']} 项")
        case "string_too_long":
            expected = f"至多 {context['max_length']} 个字"
        case "string_pattern_mismatch":
            expected = "一行文字，首尾无空格" if "\\S" in context["pattern"] else "规定的格式"
        case "literal_error":
            expected = str(context["expected"]).replace("or", "或")
        case kind:
            expected = _EXPECTED.get(kind, "规定的格式")
    found = "空" if details["input"] is None else quoted(details["input"])
    remedy = how_to_write(details["input"]) if expected in ("整数", "数") else ""
    return ParamsError(where, f"{name} 应为{expected}，实为{found}", remedy)


def _fields_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that the model at ``path`` knows."""
    current: Any = model
    for step in path:
        if isinstance(step, int):
            continue
        fields = current.model_fields
        annotation = fields[step if step in fields else "root"].annotation  # a file may be a mapping with free keys
        current = next(_models_in(annotation), annotation)
    return list(current.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models of a type such as ``list[Waiver]`` or ``Colophon | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def dotted(path: KeyPath) -> str:
    """``waivers[0].reason``."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
