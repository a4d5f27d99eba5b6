"""Sign-off: who prepared, reviewed and issued a report, kept beside the params and bound to the report's fingerprint.

It stands in ``params/<year>/sign/<unit>.yaml``, apart from what the report is made of. Whatever the report is made of
changes, a signature that was given before has lapsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812  (a field is called ``date``)
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import StringConstraints

from nianbao.params import Unit, params_path
from nianbao.params.models import Strict, Text
from nianbao.params.validate import validate
from nianbao.params.yamlio import read_yaml
from nianbao.report.inputs import file_digest, fingerprint, own_digests
from nianbao.report.report import Report
from nianbao.wording import chinese_date, enumeration

Role = Literal["经办", "审核", "签发"]
ROLES: tuple[str, ...] = get_args(Role)
FOLDER = "sign"


class Signature(Strict):
    """One signature: in which role, by whom, when, and for which state of the report."""

    role: Role
    name: Text
    date: Date
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class SignFile(Strict):
    """``params/<year>/sign/<unit>.yaml``."""

    signatures: list[Signature]


@dataclass(frozen=True)
class SignOff:
    """Where the sign-off of a report stands: what holds now, and what has lapsed; in the order of :data:`ROLES`."""

    valid: tuple[Signature, ...] = ()
    lapsed: tuple[Signature, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everybody has signed what the report says now."""
        return {one.role for one in self.valid} == set(ROLES)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(role for role in ROLES if role not in {one.role for one in self.valid})

    @property
    def text(self) -> str:
        """In words; empty where nobody ever signed."""
        told = [f"{one.role} {one.name}（{chinese_date(one.date)}）" for one in self.valid]
        text = enumeration(told)
        if self.lapsed:
            names = enumeration(f"{one.role} {one.name}" for one in self.lapsed)
            text += f"{'；' if text else ''}报告已改，签字失效：{names}"
        return text

    def as_json(self) -> dict[str, Any]:
        """As manifests and the overview say it."""
        return {
            "complete": self.complete,
            "valid": [one.model_dump(mode="json", exclude={"fingerprint"}) for one in self.valid],
            "lapsed": [one.role for one in self.lapsed],
            "text": self.text,
        }


def sign_path(params_dir: Path, unit: Unit, year: int) -> Path:
    """Where the signatures of a report are kept."""
    return params_dir / str(year) / FOLDER / params_path(params_dir, unit, year).name


def sign_digest(params_dir: Path, unit: Unit, year: int) -> dict[str, str]:
    """SHA-256 of the file of signatures by its path under the params folder; nothing where nobody signed."""
    path = sign_path(params_dir, unit, year)
    return {path.relative_to(params_dir).as_posix(): file_digest(path)} if path.is_file() else {}


def signatures_of(params_dir: Path, unit: Unit, year: int) -> tuple[Signature, ...]:
    """Every signature that was given, valid or not.

    Raises
    ------
    ParamsError
        The file cannot be read.
    """
    path = sign_path(params_dir, unit, year)
    return tuple(validate(SignFile, read_yaml(path)).signatures) if path.is_file() else ()


def sign_off(params_dir: Path, unit: Unit, year: int, now: str | None = None) -> SignOff:
    """Where the sign-off of a report stands.

    Parameters
    ----------
    now : str, optional
        The report's fingerprint, where it is known.
    """
    given = signatures_of(params_dir, unit, year)
    if not given:
        return SignOff()
    state = now or fingerprint(own_digests(unit, year, params_dir))
    order = {role: place for place, role in enumerate(ROLES)}
    ordered = sorted(given, key=lambda one: order[one.role])
    return SignOff(
        tuple(one for one in ordered if one.fingerprint == state),
        tuple(one for one in ordered if one.fingerprint != state),
    )


def signed_off(report: Report, params_dir: Path) -> SignOff:
    """Where the sign-off of a report stands that is read."""
    return sign_off(params_dir, report.unit, report.year, report.fingerprint)


def with_signature(given: tuple[Signature, ...], new: Signature) -> str:
    """The text of the file with one signature more; it takes the place of an earlier one in the same role."""
    every = [*(one for one in given if one.role != new.role), new]
    said: Mapping[str, Any] = {"signatures": [one.model_dump() for one in every]}
    head = "# 由 nianbao sign 写入；报告的数据或文字一改，签字即失效。\n"
    text: str = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    return head + text
