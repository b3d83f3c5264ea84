"""Thirty questions that librarians and programs ask of a library, and the SQL that answers each: docs/queries.md."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Query(Struct, frozen=True):
    """A question in both languages, and SQL on the public tables and views; values stand where a reader puts her own."""

    name: str
    question: str
    question_zh: str
    sql: str


QUERIES: Final = (
    Query("one_work", "What do we know of this DOI?", "这个 DOI 的文献我们知道什么？",
          "SELECT work_id, title_en, title_zh, container_title, year\nFROM works WHERE doi = '10.5555/jlai.2021.0301'"),
    Query("any_identifier", "Which work bears this PMID?", "这个 PMID 是哪篇文献？",
          "SELECT w.work_id, w.doi, w.title_en\nFROM identifiers AS i JOIN works AS w USING (work_id)\nWHERE i.scheme = 'pmid' AND i.value = '99000001'"),
    Query("old_id", "I noted work 18 years ago: which one is it now?", "我以前记下的文献 18 现在是哪一篇？",
          "SELECT coalesce((SELECT work_id FROM redirects WHERE old_id = 18), 18) AS work_id"),
    Query("both_languages", "Which works have a title in both languages?", "哪些文献有中英文题名？",
          "SELECT work_id, title_en, title_zh, title_zh_origin\nFROM works_bilingual WHERE title_en IS NOT NULL AND title_zh IS NOT NULL\nORDER BY work_id"),
    Query("no_chinese", "Which works still lack a Chinese title?", "哪些文献还缺中文题名？",
          "SELECT work_id, title FROM works WHERE title_zh IS NULL ORDER BY work_id"),
    Query("not_by_publishers", "Which Chinese texts were made by others than publishers and authors: aggregators, machines?", "哪些中文文本不是出版者或作者提供的，而来自聚合平台或机器翻译？",
          "SELECT work_id, field, origin, engine, text\nFROM texts WHERE origin NOT IN ('publisher', 'author') AND language GLOB 'zh*' AND section IS NULL\nORDER BY work_id, field"),
    Query("who_made_titles", "Who made our Chinese titles?", "我们的中文题名出自谁手？",
          "SELECT title_zh_origin, count(*) AS works\nFROM works WHERE title_zh IS NOT NULL GROUP BY 1 ORDER BY works DESC, 1"),
    Query("sections", "An abstract part by part, both languages side by side.", "摘要逐段中英对照。",
          "SELECT section, max(iif(language = 'en', text, NULL)) AS english, max(iif(language GLOB 'zh*', text, NULL)) AS chinese\nFROM texts WHERE work_id = 4 AND field = 'abstract' AND section IS NOT NULL\nGROUP BY section ORDER BY section"),
    Query("where_from", "Where does every value of this work come from?", "这篇文献的每个值来自哪里？",
          "SELECT p.field, p.source, c.rule\nFROM provenance AS p JOIN claims AS c USING (work_id, field, record_id)\nWHERE p.work_id = 1 ORDER BY p.field, p.source"),
    Query("who_says_what", "What did every source say of this work, and when?", "各来源对这篇文献说了什么，何时说的？",
          "SELECT source, source_key, json_extract(body, '$.titles[0].value') AS title\nFROM records WHERE work_id = 1 ORDER BY source, record_id"),
    Query("by_author", "What did this author write?", "这位作者写了什么？",
          "SELECT DISTINCT w.work_id, w.year, w.title\nFROM contributors AS c JOIN works AS w USING (work_id)\nWHERE c.role = 'author' AND (c.name = 'Mei Lin' OR c.name_zh = '林梅')\nORDER BY w.year, w.work_id"),
    Query("pairs_of_names", "Authors with their names in both scripts.", "中西文姓名都有的作者。",
          "SELECT DISTINCT name, name_zh FROM contributors\nWHERE name_zh IS NOT NULL AND name <> name_zh ORDER BY name"),
    Query("most_works", "Who wrote most of what we hold?", "馆藏文献最多的作者是谁？",
          "SELECT coalesce(name_zh, name) AS author, count(*) AS works\nFROM contributors WHERE role = 'author' GROUP BY 1 ORDER BY works DESC, author LIMIT 5"),
    Query("by_year", "How many works a year?", "每年有多少文献？",
          "SELECT year, count(*) AS works FROM works WHERE year IS NOT NULL GROUP BY year ORDER BY year"),
    Query("by_journal", "How many works a journal?", "每种期刊有多少文献？",
          "SELECT container_title, count(*) AS works\nFROM works WHERE container_title IS NOT NULL GROUP BY 1 ORDER BY works DESC, 1 LIMIT 5"),
    Query("by_language", "In which languages are our works written?", "馆藏文献用哪些语言写成？",
          "SELECT language, count(*) AS works FROM works GROUP BY language ORDER BY works DESC, language"),
    Query("full_text_words", "Works with both words, found by the index that `search` uses (English).", "用检索索引查找同时含两词的文献（英文）。",
          "SELECT w.work_id, w.title_en\nFROM works_fts JOIN works AS w ON w.work_id = works_fts.rowid\nWHERE works_fts MATCH '\"library\" AND \"university\"' ORDER BY w.work_id"),
    Query("full_text_chinese", "Works with a Chinese word: pairs of characters side by side.", "查中文词：相邻字对。",
          "SELECT w.work_id, w.title_zh\nFROM works_fts JOIN works AS w ON w.work_id = works_fts.rowid\nWHERE works_fts MATCH '\"图书 书馆\"' ORDER BY w.work_id"),
    Query("open_access", "What can be read free of charge, by which licence?", "哪些可以免费阅读，许可协议是什么？",
          "SELECT work_id, oa_url, oa_licence, oa_status FROM works\nWHERE is_open_access = 1 AND oa_url IS NOT NULL ORDER BY work_id"),
    Query("retracted", "What was retracted, corrected or doubted, and by which notice?", "哪些被撤稿、更正或存疑，依据哪份声明？",
          "SELECT DISTINCT work_id, kind, value AS notice, date\nFROM related_works\nWHERE kind IN ('is_retracted_by', 'is_corrected_by', 'has_expression_of_concern')\nORDER BY work_id, kind, date"),
    Query("preprints", "Which works have a preprint or another version?", "哪些文献有预印本或其他版本？",
          "SELECT DISTINCT work_id, kind, related_id, value\nFROM related_works WHERE kind IN ('has_preprint', 'has_version', 'is_version_of') ORDER BY work_id, kind, value"),
    Query("cited", "How often is a work cited, by which service and day?", "一篇文献被引多少次，据哪个服务、哪一天？",
          "SELECT work_id, source, citation_count FROM citation_counts\nWHERE citation_count > 0 ORDER BY citation_count DESC, work_id, source LIMIT 5"),
    Query("ranks", "In which journals with an impact factor of our own tables did works appear?", "哪些文献发表在我们表中有影响因子的期刊上？",
          "SELECT table_name, name_en, impact_factor, jcr_quartile FROM journal_ranks ORDER BY impact_factor DESC"),
    Query("corrections", "What did people correct, and why?", "人工更正了什么，为什么？",
          "SELECT work_id, field, value, by_whom, why FROM overrides ORDER BY work_id, field"),
    Query("doubtful", "Which translations do the checks doubt?", "哪些译文未通过检查？",
          "SELECT work_id, field, language, origin, status, score\nFROM text_checks WHERE status <> 'pass' ORDER BY score, work_id"),
    Query("duplicates", "Which works may be one?", "哪些文献可能重复？",
          "SELECT work_id, other_id, json_extract(evidence, '$.kind') AS kind, json_extract(evidence, '$.score') AS score\nFROM possible_matches ORDER BY score DESC, work_id, other_id"),
    Query("last_run", "How did the items of the last run end?", "最近一次运行的各项结果如何？",
          "SELECT outcome, count(*) AS items FROM run_items\nWHERE run_id = (SELECT max(run_id) FROM run_items) GROUP BY outcome ORDER BY items DESC, outcome"),
    Query("not_found", "Which identifiers did nobody know?", "哪些标识符查不到？",
          "SELECT scheme, value, count(*) AS sources_asked FROM asked\nWHERE outcome = 'absent' AND NOT EXISTS\n  (SELECT 1 FROM identifiers AS i WHERE i.scheme = asked.scheme AND i.value = asked.value)\nGROUP BY scheme, value ORDER BY value"),
    Query("changed_since", "What changed since revision 23, and what is gone?", "修订号 23 之后有哪些变化，哪些已不在？",
          "SELECT revision, work_id, what, now_id FROM changes WHERE revision > 23 ORDER BY revision"),
    Query("envelope", "A work in the aggregator's own names.", "用聚合平台的字段名表示一篇文献。",
          "SELECT title, TitleCN, PeriodicalName, publicationDate, platform FROM envelopes WHERE doi = '10.5555/jlai.2021.0301'"),
)  # fmt: skip
