"""Tagged files of reference managers and databases: RIS, EndNote, NoteExpress, RefWorks, E-Study, MEDLINE, WoS."""

from harvester.tagged.documents import FORMATS
from harvester.tagged.tables import FORMAT as TABLE

__all__ = ["FORMATS", "TABLE"]
