"""Works without end, for measuring: the n-th is made when it is asked for and always the same."""

from __future__ import annotations

import re
from typing import Any

PATTERN = re.compile(r"10\.5555/generated\.(\d{7})")
TOPICS = (
    ("shelf order", "排架顺序"),
    ("reading aids", "助读工具"),
    ("supported work", "支持性就业"),
    ("name authority files", "人名规范文档"),
    ("opening hours", "开放时间"),
)
PLACES = (("small towns", "小城镇"), ("universities", "高校"), ("hospitals", "医院"), ("archives", "档案馆"))


def generated_doi(number: int) -> str:
    """The DOI of the `number`-th generated work."""
    return f"10.5555/generated.{number:07d}"


def number_of(doi: str, known: int) -> int | None:
    """Which generated work a DOI names, if it is one of the first `known`."""
    found = PATTERN.fullmatch(doi)
    return number if found and (number := int(found[1])) < known else None


def generated_work(number: int) -> dict[str, Any]:
    """A Crossref work, without the fields that all works have."""
    (topic, topic_zh), (place, place_zh) = TOPICS[number % 5], PLACES[number % 4]
    year, volume = 1990 + number % 35, 1 + number % 35
    return {
        "DOI": generated_doi(number),
        "type": "journal-article",
        "title": [f"On {topic} in {place}: survey no. {number}", f"{place_zh}的{topic_zh}：第{number}次调查"],
        "author": [
            {"given": "Lan", "family": f"Sample{number % 997}", "sequence": "first", "affiliation": []},
            {"given": "Wen", "family": "Specimen", "sequence": "additional", "affiliation": []},
        ],
        "container-title": ["Generated Surveys"],
        "publisher": "Sample Press",
        "volume": str(volume),
        "issue": str(1 + number % 6),
        "page": f"{number % 400 + 1}-{number % 400 + 12}",
        "ISSN": ["9999-9994"],
        "issn-type": [{"value": "9999-9994", "type": "print"}],
        "issued": {"date-parts": [[year, 1 + number % 12]]},
        "published": {"date-parts": [[year, 1 + number % 12]]},
        "is-referenced-by-count": number % 90,
        "abstract": (
            f"<jats:title>Abstract</jats:title><jats:p>We asked {100 + number % 900} readers about {topic}"
            f" in {place}. Most were content; {number % 50}% were not.</jats:p>"
            f"<jats:title>摘要</jats:title><jats:p>本调查就{place_zh}的{topic_zh}询问了{100 + number % 900}名读者。"
            f"多数读者表示满意，{number % 50}%的读者表示不满意。</jats:p>"
        ),
    }


def generated_paper(number: int) -> dict[str, Any]:
    """A Semantic Scholar paper, without the fields that all papers have."""
    (topic, _), (place, _) = TOPICS[number % 5], PLACES[number % 4]
    year = 1990 + number % 35
    return {
        "externalIds": {"DOI": generated_doi(number).upper(), "CorpusId": 900000000 + number},
        "title": f"On {topic} in {place}: survey no. {number}",
        "abstract": None,
        "year": year,
        "citationCount": number % 90,
        "journal": {
            "name": "Generated Surveys",
            "volume": f"{1 + number % 35} {1 + number % 6}",
            "pages": f"{number % 400 + 1} - {number % 400 + 12}",
        },
        "authors": [
            {"authorId": str(77000000 + number % 997), "name": f"L. Sample{number % 997}"},
            {"authorId": None, "name": "W. Specimen"},
        ],
    }


def generated_deposit(number: int) -> dict[str, Any]:
    """A DataCite work, without the attributes that all works have."""
    work = generated_work(number)
    return {
        "doi": work["DOI"],
        "creators": [
            {
                "name": f"{one['family']}, {one['given']}",
                "givenName": one["given"],
                "familyName": one["family"],
            }
            for one in work["author"]
        ],
        "titles": [{"title": work["title"][0]}],
        "publisher": work["publisher"],
        "publicationYear": work["issued"]["date-parts"][0][0],
        "types": {"resourceTypeGeneral": "JournalArticle"},
    }


def generated_pmid(number: int) -> str:
    """The number in PubMed of the `number`-th generated work."""
    return f"98{number:07d}"


def generated_article(number: int) -> str:
    """A PubMed article in XML."""
    work = generated_work(number)
    year, month = work["issued"]["date-parts"][0]
    authors = "".join(
        f"<Author><LastName>{one['family']}</LastName><ForeName>{one['given']}</ForeName>"
        f"<Initials>{one['given'][0]}</Initials></Author>"
        for one in work["author"]
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{generated_pmid(number)}</PMID>'
        f"<Article><Journal><ISSN>{work['ISSN'][0]}</ISSN><JournalIssue><Volume>{work['volume']}</Volume>"
        f"<Issue>{work['issue']}</Issue><PubDate><Year>{year}</Year><Month>{month:02d}</Month></PubDate>"
        f"</JournalIssue><Title>{work['container-title'][0]}</Title></Journal>"
        f"<ArticleTitle>{work['title'][0]}</ArticleTitle>"
        f"<Pagination><MedlinePgn>{work['page']}</MedlinePgn></Pagination>"
        f"<Abstract><AbstractText>We asked {100 + number % 900} readers.</AbstractText></Abstract>"
        f"<AuthorList>{authors}</AuthorList><Language>eng</Language></Article></MedlineCitation>"
        f'<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{generated_pmid(number)}</ArticleId>'
        f'<ArticleId IdType="doi">{work["DOI"]}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>'
    )
