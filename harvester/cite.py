"""Works as citation data: CSL-JSON 1.0.2, the other language in its `custom` object."""

from __future__ import annotations

from typing import Any, Final

from harvester.merge import best_text, identifier_of, own_title
from harvester.model import Contributor, Scheme, Work
from harvester.names import parse_name

# Crossref's types to CSL's; what is not listed is an article.
_TYPES: Final = {
    "journal-article": "article-journal",
    "proceedings-article": "paper-conference",
    "book-chapter": "chapter",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-entry": "entry-encyclopedia",
    "dissertation": "thesis",
    "report": "report",
    "dataset": "dataset",
    "posted-content": "article",
    "peer-review": "review",
    "standard": "standard",
}


def csl_item(work: Work, key: str) -> dict[str, Any]:
    """The work as a CSL-JSON item with id `key`.

    Title and abstract are in the work's own language; what exists in the other one stands in `custom`
    with its origin, so that a translation never passes for the original.
    """
    own = own_title(work)
    locus, container = work.locus, work.container
    item = {
        "id": key,
        "type": _TYPES.get(work.work_type or "journal-article", "article"),
        "title": own.value if own else None,
        "language": work.language,
        "author": _names(work, "author") or None,
        "editor": _names(work, "editor") or None,
        "issued": _date(work),
        "container-title": container.title if container else None,
        "container-title-short": container.abbreviation if container else None,
        "ISSN": container.issns[0] if container and container.issns else None,
        "volume": locus.volume if locus else None,
        "issue": locus.issue if locus else None,
        "page": locus.pages if locus else None,
        "publisher": work.publisher,
        "abstract": _own_abstract(work),
        "DOI": identifier_of(work, Scheme.DOI),
        "PMID": identifier_of(work, Scheme.PMID),
        "PMCID": identifier_of(work, Scheme.PMCID),
        "URL": work.url,
        "custom": _other_language(work) or None,
    }
    return {name: value for name, value in item.items() if value is not None}


def _other_language(work: Work) -> dict[str, str]:
    custom = {}
    for field, texts in (("title", work.titles), ("abstract", work.abstracts)):
        for language in ("en", "zh"):
            text = best_text(texts, chinese=language == "zh")
            if text is not None and language != work.language:
                custom[f"{field}_{language}"] = text.value
                custom[f"{field}_{language}_origin"] = str(text.origin)
    return custom


def _names(work: Work, role: str) -> list[dict[str, str]]:
    """The people of one role; in a Chinese work by their Han names."""
    people = (one for one in work.contributors if one.role == role)
    is_chinese = work.language == "zh"
    return [_name(parse_name(one.name_zh) if is_chinese and one.name_zh else one) for one in people]


def _name(one: Contributor) -> dict[str, str]:
    if one.family and one.given:
        return {"family": one.family, "given": one.given}
    return {"family": one.family} if one.family else {"literal": one.name}


def _date(work: Work) -> dict[str, Any] | None:
    issued = work.issued
    if issued is None:
        return None
    parts = [issued.year, issued.month, issued.day]
    return {"date-parts": [parts[: 1 + bool(issued.month) + bool(issued.month and issued.day)]]}


def _own_abstract(work: Work) -> str | None:
    is_own_chinese = work.language == "zh"
    text = best_text(work.abstracts, chinese=is_own_chinese)
    text = text or best_text(work.abstracts, chinese=not is_own_chinese)
    return text.value if text else None
