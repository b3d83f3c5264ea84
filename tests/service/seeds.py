"""Crossref's record of the article in the first seed document, from facts.

The seed is third-party text and no part of the project: the title is read from it when a test has it.
"""

from __future__ import annotations

import json

from tests.service.library import Work


def work_of_seed_000(text: str) -> Work:
    """The record to give to `running(extra_works=[...])`; `text` is the seed document."""
    envelope = json.loads(text.partition("\n")[0])
    return {
        "DOI": envelope["doi"],
        "type": "journal-article",
        "title": [json.loads(envelope["resultStr"])["title"]],
        "container-title": ["American Journal of Psychiatric Rehabilitation"],
        "publisher": "Informa UK Limited",
        "volume": "19",
        "issue": "4",
        "page": "275-293",
        "ISSN": ["1548-7768", "1548-7776"],
        "issn-type": [{"value": "1548-7768", "type": "print"}, {"value": "1548-7776", "type": "electronic"}],
        "issued": {"date-parts": [[2016, 10, 1]]},
        "published": {"date-parts": [[2016, 10, 1]]},
        "author": [
            {"given": "A.", "family": "Topor", "sequence": "first", "affiliation": []},
            {"given": "A.", "family": "Ljungberg", "sequence": "additional", "affiliation": []},
        ],
    }
