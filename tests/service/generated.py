"""Works without end, for measuring: the n-th is made when it is asked for and always the same."""

from __future__ import annotations

import re
from typing import Any

from tests.service.generated_words import METHODS, PLACES, SUBJECTS, Chance

PATTERN = re.compile(r"10\.5555/generated\.(\d{7})")


def generated_doi(number: int) -> str:
    """The DOI of the `number`-th generated work."""
    return f"10.5555/generated.{number:07d}"


def number_of(doi: str, known: int) -> int | None:
    """Which generated work a DOI names, if it is one of the first `known`."""
    found = PATTERN.fullmatch(doi)
    return number if found and (number := int(found[1])) < known else None


def _made(number: int) -> dict[str, Any]:
    """What the services say of the `number`-th work, each in its own shape."""
    chance = Chance(number)
    subject, method = chance.of(*SUBJECTS), chance.of(*METHODS)
    place, region, other = chance.of(*PLACES), chance.region(), chance.region()
    journal, issn = chance.journal()
    first_page = 1 + chance.below(1900)
    return {
        "title": f"{subject[0].capitalize()} of {region[0]}: {method[0].lower()} in {place[0]} of {other[0]}",
        "title_zh": f"{region[1]}{subject[1]}{method[1]}：以{place[1]}{other[1]}为例",
        "authors": [chance.person() for _ in range(1 + chance.below(5))],
        "journal": journal,
        "issn": issn,
        "year": 1990 + chance.below(35),
        "month": 1 + chance.below(12),
        "volume": str(1 + chance.below(60)),
        "issue": str(1 + chance.below(12)),
        "pages": (str(first_page), str(first_page + 4 + chance.below(12))),
        "cited": chance.below(90),
        "readers": 100 + chance.below(900),
        "share": 10 + chance.below(80),
        "subject": subject,
        "place": place,
        "region": region,
    }


def _issued(made: dict[str, Any]) -> dict[str, list[list[int]]]:
    return {"date-parts": [[made["year"], made["month"]]]}


def generated_work(number: int) -> dict[str, Any]:
    """A Crossref work, without the fields that all works have."""
    made = _made(number)
    (subject, subject_zh), (place, place_zh) = made["subject"], made["place"]
    region, region_zh = made["region"]
    return {
        "DOI": generated_doi(number),
        "type": "journal-article",
        "title": [made["title"], made["title_zh"]],
        "author": [
            {
                "given": given,
                "family": family,
                "sequence": "additional" if at else "first",
                "affiliation": [],
            }
            for at, (given, family) in enumerate(made["authors"])
        ],
        "container-title": [made["journal"]],
        "publisher": "Sample Press",
        "volume": made["volume"],
        "issue": made["issue"],
        "page": "-".join(made["pages"]),
        "ISSN": [made["issn"]],
        "issn-type": [{"value": made["issn"], "type": "print"}],
        "issued": _issued(made),
        "published": _issued(made),
        "is-referenced-by-count": made["cited"],
        "abstract": (
            f"<jats:title>Abstract</jats:title><jats:p>In {region} we asked {made['readers']} people about {subject}"
            f" in {place}. Most were content; {made['share']}% were not.</jats:p>"
            f"<jats:title>摘要</jats:title><jats:p>本研究在{region_zh}就{place_zh}的{subject_zh}询问了{made['readers']}人。"
            f"多数人表示满意，{made['share']}%的人表示不满意。</jats:p>"
        ),
    }


def generated_paper(number: int) -> dict[str, Any]:
    """A Semantic Scholar paper, without the fields that all papers have."""
    made = _made(number)
    return {
        "externalIds": {"DOI": generated_doi(number).upper(), "CorpusId": 900000000 + number},
        "title": made["title"],
        "abstract": None,
        "year": made["year"],
        "citationCount": made["cited"],
        "journal": {
            "name": made["journal"],
            "volume": f"{made['volume']} {made['issue']}",
            "pages": " - ".join(made["pages"]),
        },
        "authors": [
            {"authorId": str(77000000 + 10 * number + at), "name": f"{given[0]}. {family}"}
            for at, (given, family) in enumerate(made["authors"])
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
    work, made = generated_work(number), _made(number)
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
        f"<Abstract><AbstractText>In {made['region'][0]} we asked {made['readers']} people.</AbstractText></Abstract>"
        f"<AuthorList>{authors}</AuthorList><Language>eng</Language></Article></MedlineCitation>"
        f'<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{generated_pmid(number)}</ArticleId>'
        f'<ArticleId IdType="doi">{work["DOI"]}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>'
    )
