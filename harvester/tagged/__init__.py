"""Tagged files of reference managers and databases: RIS, EndNote, NoteExpress, RefWorks, E-Study, MEDLINE, WoS."""

from harvester.tagged.documents import FORMATS

__all__ = ["FORMATS"]
