"""What the tags of each dialect hold, in words that all of them share ("title", "author", "volume" ...).

A role may be named by several tags; the first one that has a value counts, in the order of the file.
"""

from __future__ import annotations

from typing import Final

from harvester.patterns import pattern
from harvester.tagged.lines import Dialect


def _roles(table: str) -> dict[str, str]:
    """{"T1": "title", ...} from lines of "title  T1 TI"."""
    rows = [line.split() for line in table.strip().splitlines()]
    return {tag.replace("_", " "): row[0] for row in rows for tag in row[1:]}


def _tags(words: str) -> frozenset[str]:
    return frozenset(words.split())


RIS: Final = Dialect(
    name="ris",
    line=pattern(r"(?P<tag>[A-Z][A-Z0-9])\s{1,2}-(?:\s(?P<value>.*)|\s*$)"),
    begins=frozenset({"TY"}),
    ends="ER",
    lists=frozenset({"AU", "A1", "KW"}),
    roles=_roles("""
        type         TY
        title        TI T1 CT
        translated   TT
        author       AU A1
        editor       A2 ED
        container    JO JF T2 BT
        abbreviation JA J2 J1
        year         PY Y1 YR
        date         DA
        volume       VL
        issue        IS
        first_page   SP
        last_page    EP
        issn         SN
        doi          DO M3
        url          UR L2 LK
        abstract     AB N2
        keyword      KW
        language     LA
        publisher    PB
        affiliation  AD
        accession    AN ID
        database     DP DB
        note         N1 C2
    """),
)

ENDNOTE: Final = Dialect(
    name="endnote",
    line=pattern(r"(?P<tag>%[0-9A-Z!?@+&()*<>^~=\[\]#$])(?:\s(?P<value>.*)|$)"),
    begins=frozenset({"%0"}),
    lists=frozenset({"%A", "%K"}),
    roles=_roles("""
        type         %0
        title        %T
        translated   %Q
        author       %A
        author_other %H
        editor       %E
        container    %J %B
        abbreviation %O
        year         %D
        date         %8
        volume       %V
        issue        %N
        pages        %P
        issn         %@
        doi          %R
        url          %U
        abstract     %X
        keyword      %K
        language     %G
        publisher    %I
        affiliation  %+
        accession    %M
        database     %W %~
    """),
)

NOTEEXPRESS: Final = Dialect(
    name="noteexpress",
    line=pattern(r"\{(?P<tag>[A-Z][A-Za-z/ ]{1,40})\}\s?[:：]\s?(?P<value>.*)"),
    begins=frozenset({"Reference Type"}),
    lists=frozenset({"Author", "Translated Author"}),
    roles=_roles("""
        type         Reference_Type
        title        Title
        translated   Translated_Title
        author       Author
        author_other Translated_Author
        editor       Secondary_Author Editor
        container    Journal Secondary_Title Periodical
        container_other Translated_Journal
        year         Year
        date         Date
        volume       Volume
        issue        Issue
        pages        Pages
        issn         ISBN/ISSN ISSN
        doi          DOI
        url          URL Link_To_PDF
        abstract     Abstract
        abstract_other Translated_Abstract
        keyword      Keywords
        language     Language
        publisher    Publisher
        affiliation  Author_Address Affiliation
        accession    Accession_Number
        database     Database_Provider Name_of_Database
    """),
)

REFWORKS: Final = Dialect(
    name="refworks",
    line=pattern(r"(?P<tag>[A-Z][A-Z0-9])(?: (?P<value>\S.*)|\s*$)"),
    begins=frozenset({"RT"}),
    lists=frozenset({"A1", "K1"}),
    others=_tags("SR NO CN CL SF RD PP ED OL IN U1 U2 U3 U4 U5 A3 A4 T3 RP AV"),
    roles=_roles("""
        type         RT
        title        T1
        translated   OT TT
        author       A1
        editor       A2
        container    JF T2
        abbreviation JO
        year         YR
        date         FD
        volume       VO
        issue        IS
        first_page   SP
        last_page    OP
        issn         SN
        doi          DO
        url          UL LK
        abstract     AB
        keyword      K1
        language     LA
        publisher    PB
        affiliation  AD
        accession    AN ID
        database     DS DB
    """),
)

# CNKI names each field in English and in Chinese ("Title-题名: ..."); the Chinese half varies.
E_STUDY: Final = Dialect(
    name="e-study",
    line=pattern(r"(?P<tag>[A-Z][A-Za-z]{2,20})(?:-[\u4e00-\u9fff]{1,10})?\s?[:：]\s?(?P<value>.*)"),
    begins=frozenset({"DataType", "SrcDatabase", "Title"}),
    others=_tags("FirstDuty Fund CLC Teacher Tutor Degree Publish Publisher Meeting PubPlace"),
    roles=_roles("""
        type         DataType
        title        Title
        translated   TitleEn EnTitle ETitle
        author       Author
        author_other AuthorEn EnAuthor EAuthor
        container    Source
        year         Year
        date         PubTime
        volume       Volume Roll
        issue        Period
        pages        Page PageCount PageNum
        issn         ISSN
        doi          DOI
        url          Link Url URL
        abstract     Summary
        abstract_other SummaryEn EnSummary ESummary
        keyword      Keyword
        language     Language
        affiliation  Organ
        database     SrcDatabase
    """),
)

MEDLINE: Final = Dialect(
    name="medline",
    line=pattern(r"(?P<tag>[A-Z]{2,4})\s{0,2}- ?(?P<value>.*)"),
    begins=frozenset({"PMID"}),
    roles=_roles("""
        pmid         PMID
        pmcid        PMC
        title        TI BTI
        translated   TT
        author       FAU
        author_short AU
        corporate    CN
        container    JT
        abbreviation TA
        date         DP
        volume       VI
        issue        IP
        pages        PG
        issn         IS
        doi          LID AID
        abstract     AB
        abstract_other OAB
        abstract_in  OABL
        keyword      MH OT
        language     LA
        affiliation  AD
        orcid        AUID
        type         PT
    """),
)

WEB_OF_SCIENCE: Final = Dialect(
    name="web-of-science",
    line=pattern(r"(?P<tag>[A-Z][A-Z0-9])(?: (?P<value>\S.*)|\s*$)"),
    begins=frozenset({"PT"}),
    ends="ER",
    lists=frozenset({"AU", "AF", "CA"}),
    roles=_roles("""
        type         DT
        title        TI
        translated   FT
        author       AF
        author_short AU
        corporate    CA
        container    SO
        abbreviation J9 JI
        year         PY
        date         PD
        volume       VL
        issue        IS
        first_page   BP
        last_page    EP
        article      AR
        issn         SN EI
        doi          DI
        abstract     AB
        keyword      DE ID
        language     LA
        publisher    PU
        affiliation  C1
        accession    UT
        pmid         PM
    """),
)
