"""The interfaces that two agencies have of their own: ONIX at mEDRA, JSON at JaLC; one DOI a call."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from tests.service.holdings import Holdings
from tests.service.library import Work, lowered
from tests.service.replies import JSON, Reply, json_reply

ONIX: Final = "application/vnd.medra.onixdoi+xml;charset=UTF-8"
MESSAGE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<ONIXDOISerialArticleWorkRegistrationMessage xmlns="http://www.editeur.org/onix/DOIMetadata/2.0">
 <Header><FromCompany>mEDRA</FromCompany><ToCompany>PublicService</ToCompany><SentDate>20261121</SentDate></Header>
 <DOISerialArticleWork>
  <NotificationType>07</NotificationType>
  <DOI>{doi}</DOI>
  <DOIWebsiteLink>{url}</DOIWebsiteLink>
  <SerialPublication><SerialWork>
   <WorkIdentifier><WorkIDType>01</WorkIDType><IDValue>{issn}</IDValue></WorkIdentifier>
   <Title language="{language}"><TitleType>01</TitleType><TitleText>{journal}</TitleText></Title>
   <Publisher><PublishingRole>01</PublishingRole><PublisherName>{publisher}</PublisherName></Publisher>
  </SerialWork></SerialPublication>
  <JournalIssue>
   <JournalVolumeNumber>{volume}</JournalVolumeNumber>
   <JournalIssueDate><DateFormat>05</DateFormat><Date>{date}</Date></JournalIssueDate>
  </JournalIssue>
  <ContentItem>
   <TextItem><PageRun>
    <FirstPageNumber>{first}</FirstPageNumber><LastPageNumber>{last}</LastPageNumber>
   </PageRun></TextItem>
   <Title language="{language}"><TitleType>01</TitleType><TitleText>{title}</TitleText></Title>
{people}   <Language><LanguageRole>01</LanguageRole><LanguageCode>{language}</LanguageCode></Language>
   <PublicationDate>{date}</PublicationDate>
  </ContentItem>
 </DOISerialArticleWork>
</ONIXDOISerialArticleWorkRegistrationMessage>
"""
PERSON: Final = (
    "   <Contributor><SequenceNumber>{}</SequenceNumber><ContributorRole>A01</ContributorRole>"
    "<PersonName>{} {}</PersonName><KeyNames>{}</KeyNames></Contributor>\n"
)


def medra(holdings: Holdings, doi: str) -> Reply:
    """GET /metadata/{doi} at mEDRA."""
    item = _item(holdings, doi, "10.5555.5/")
    if item is None:
        return Reply(404, b"DOI not found", "text/plain;charset=UTF-8")
    first, _, last = item["page"].partition("-")
    people = "".join(
        PERSON.format(number, one["given"], one["family"], one["family"])
        for number, one in enumerate(item["author"], start=1)
    )
    names = ("doi", "url", "publisher", "language", "volume", "title")
    values = {name: escape(str(item.get(name) or item[name.upper()])) for name in names}
    parts = item["issued"]["date-parts"][0]
    body = MESSAGE.format(
        **values,
        issn=item["ISSN"][0],
        journal=escape(item["container-title"]),
        date="".join(f"{part:02}" for part in parts),
        first=first,
        last=last,
        people=people,
    )
    return Reply(200, body.encode(), ONIX)


def jalc(holdings: Holdings, doi: str) -> Reply:
    """GET /dois/{doi} at JaLC."""
    item = _item(holdings, doi, "10.5555.4/")
    frame: dict[str, Any] = {"status": "OK", "apiType": "doi", "apiVersion": "1.0.0"}
    if item is None:
        said = {"errors": {"message": "DOI not found"}}
        return json_reply({**frame, "status": "NG", "message": said}, 404, f"{JSON};charset=UTF-8")
    counts = {"total": 1, "rows": 1, "totalPages": 1, "page": 1}
    return json_reply({**frame, "message": counts, "data": _jalc_view(item)}, 200, f"{JSON};charset=UTF-8")


def _jalc_view(item: Work) -> dict[str, Any]:
    language = item["language"]
    first, _, last = item["page"].partition("-")
    date = zip(
        ("publication_year", "publication_month", "publication_day"),
        item["issued"]["date-parts"][0],
        strict=False,
    )
    people = [
        {
            "sequence": str(number),
            "type": "person",
            "names": [{"lang": language, "last_name": one["family"], "first_name": one["given"]}],
        }
        for number, one in enumerate(item["author"], start=1)
    ]
    return {
        "siteId": "SI/SAMPLE",
        "content_type": "JA",
        "doi": item["DOI"],
        "url": f"https://doi.org/{item['DOI']}",
        "ra": "JaLC",
        "prefix": item["DOI"].partition("/")[0],
        "publisher_list": [{"publisher_name": item["publisher"], "lang": language}],
        "title_list": [{"lang": language, "title": item["title"]}],
        "creator_list": people,
        "publication_date": {name: f"{part:02}" for name, part in date},
        "content_language": language,
        "journal_title_name_list": [
            {"journal_title_name": item["container-title"], "type": "full", "lang": language}
        ],
        "volume": item["volume"],
        "issue": item["issue"],
        "first_page": first,
        "last_page": last,
    }


def _item(holdings: Holdings, doi: str, prefix: str) -> Work | None:
    key = lowered(doi)
    return holdings.csl.get(key) if key.startswith(prefix) else None
