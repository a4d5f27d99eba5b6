"""What a params file may say: strict models; an unknown key or a wrong type is an error.

UnitsFile: counts in 件 (items), ``t2`` fees in 万元 (10,000 yuan), ``fees.amount`` in 元 (yuan).
"""

from __future__ import annotations

from datetime import date as Date  # noqa: N812  (a field is called ``date``)
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S[^\n]*$")]
"""One line of text."""
Prose = Annotated[str, StringConstraints(max_length=60_000)]
Count = Annotated[int, Field(ge=0, le=10**12)]
Scalar = int | Decimal | str | None
"""A cell as typed: a number, blank (null) or a mark such as ``/`` for 不适用."""


class Strict(BaseModel):
    """Base of all models: no coercion, no unknown keys, no change after reading."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


class Unit(Strict):
    """A body that reports: town, subdistrict, department, zone, the office itself, or the city.

    ``None`` where a fact is not known. The kinds are those of :mod:`nianbao.statute.bodies`.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,20}$")]
    name: Text
    kind: Literal["镇", "街道", "部门", "园区", "本政府机关", "市"]
    official_name: Text
    postcode: Text | None = None
    address: Text | None = None
    phone: Text | None = None
    doc_prefix: Text | None = None
    wechat_account: Text | None = None
    contact_office: Text | None = None


class City(Unit):
    """The city above the units, and what reports may say of it; nothing is assumed where a list is empty.

    Attributes
    ----------
    level : str
        Of its government: decides by when its own report is due.
    portal : str or None
        How the government's website calls itself.
    sites : list of str
        Domains of its own government and of those above it, without ``www``.
    regulation : str or None
        The province's or city's own rules that reports cite beside the national ordinance.
    papers : list of str
        Newspapers in which units publish.
    elsewhere : list of str
        Other cities and counties, from whose reports texts are borrowed: their governments are not ours.
    """

    level: Literal["县级", "市级", "省级"] = "县级"
    portal: Text | None = None
    sites: list[Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]] = []
    regulation: Text | None = None
    papers: list[Text] = []
    elsewhere: list[Text] = []

    def __hash__(self) -> int:
        return hash(self.id)  # the lists are not hashable; cities that are equal have the same id


class UnitsFile(Strict):
    """``params/units.yaml``; with ``sign_off: required`` a report that is not signed is not packed."""

    city: City
    sign_off: Literal["required"] | None = None
    units: Annotated[list[Unit], Field(min_length=1)]


YearKey = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}$")]


class YearOff(Strict):
    """One year: ``holidays`` are all days off, weekends among them included; ``workdays`` weekends worked instead."""

    source: Text
    holidays: Annotated[list[Date], Field(min_length=1)]
    workdays: list[Date] = []


class HolidaysFile(RootModel[dict[YearKey, YearOff]]):
    """``params/holidays.yaml``."""


class Contact(Strict):
    """Whom to ask about the report, as printed in its preamble."""

    office: Text | None = None
    address: Text | None = None
    phone: Text | None = None
    postcode: Text | None = None


class Colophon(Strict):
    """版记 (GB/T 9704-2012, 7.4): who gets a copy, who has the document printed, and when."""

    copies: list[Text] = []
    issuer: Text
    date: Date


class Attachment(Strict):
    """An attachment: a name alone, or the name of a file beside the params file as well.

    PDF, PNG and JPEG follow the report as pages, other files lie separate.
    """

    name: Text
    file: Text | None = None


def _named(given: Any) -> Any:
    """A name alone stands for an attachment that is not a file."""
    return {"name": given} if isinstance(given, str) else given


class DocumentHead(Strict):
    """The report as an official document (GB/T 9704-2012).

    ``red_head`` defaults to whether there is a document number; ``title`` to the
    unit's name, the year and the title that the form prescribes. ``disclosure`` is the
    remark below the date, such as 此件公开发布. An attachment without a file is named only.
    """

    red_head: bool | None = None
    number: Text | None = None
    addressee: Text | None = None
    signer: Text | None = None
    title: Text | None = None
    attachments: list[Annotated[Attachment, BeforeValidator(_named, json_schema_input_type=Text | Attachment)]] = []
    disclosure: Text | None = None
    colophon: Colophon | None = None

    @property
    def attachment_names(self) -> tuple[str, ...]:
        """What each attachment is called."""
        return tuple(one.name for one in self.attachments)

    @property
    def attached_files(self) -> tuple[str, ...]:
        """The files that attachments are, as they are named in the params."""
        return tuple(one.file for one in self.attachments if one.file is not None)


class DisclosureClass(Strict):
    """A class of proactively disclosed information, in 件/条; None where the count is still to be filled in."""

    name: Text
    count: Count | None


class Disclosure(Strict):
    """Figures of proactive disclosure that the three tables do not hold.

    ``channels`` keeps other channels (e.g. 微信) apart from ``total``, which
    counts what was disclosed on the site and is the sum of ``classes``. None where a
    count is still to be filled in.
    """

    total: Count | None = None
    classes: list[DisclosureClass] = []
    channels: dict[str, Count | None] = {}


class Fees(Strict):
    """信息处理费 of the year (国办函〔2020〕109号): notices issued (件), collected (元)."""

    notices: Count | None = None
    amount: Annotated[Decimal, Field(ge=0)] | Count | None = None


class Narrative(Strict):
    """The prose, a key for the preamble and one for each of the six parts.

    A line is a paragraph; ``{{ … }}`` is filled in from the report; a line
    ``![caption](file)`` is a picture that lies beside the params file.
    """

    preamble: Prose | None = None
    overview: Prose | None = None
    disclosure: Prose | None = None
    applications: Prose | None = None
    disputes: Prose | None = None
    problems: Prose | None = None
    other: Prose | None = None


class Waiver(Strict):
    """Leave for one known deviation of one report; it lapses when anything that its finding looked at changes.

    ``seen`` is the digest of that (:attr:`nianbao.rules.Finding.seen`), as ``nianbao waive`` writes it. ``note`` is
    printed under the table that the cell stands in, as long as the waiver holds.
    """

    unit: Text
    year: int
    rule: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9A-Z]*-[0-9]{2}$")]
    cell: Text | None = None
    left: Scalar = None
    right: Scalar = None
    seen: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    reason: Annotated[str, StringConstraints(min_length=4, max_length=500)]
    name: Text
    date: Date
    note: Text | None = None


class Declared(Strict):
    """A number in the prose that the author vouches for, because no cell holds it."""

    text: Text
    reason: Annotated[str, StringConstraints(min_length=2, max_length=500)]


class Published(Strict):
    """Where and when the report was published on the government's site; None where not known yet."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://\S{3,500}$")] | None = None
    date: Date | None = None
    index_number: Text | None = None


class ReportParams(Strict):
    """``params/<year>/<unit>.yaml``.

    ``charts`` puts charts into part one or leaves them out; left open, they are shown where registers are kept.
    """

    unit: Text
    year: Annotated[int, Field(ge=2000, le=2999)]
    date: Date | None = None
    published: Published | None = None
    sample: bool = False
    contact: Contact = Contact()
    document: DocumentHead = DocumentHead()
    disclosure: Disclosure = Disclosure()
    fees: Fees = Fees()
    charts: bool | None = None
    narrative: Narrative = Narrative()
    declared: list[Declared] = []
    t2: dict[str, Any] = {}
    t3: dict[str, Any] = {}
    t4: dict[str, Any] = {}
    waivers: list[Waiver] = []
