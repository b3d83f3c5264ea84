"""Translation engines, one module a kind; ENGINES is all there are."""

from typing import Final

from harvester.engines import chat, deepl, libretranslate, local

ENGINES: Final = (chat.ENGINE, deepl.ENGINE, libretranslate.ENGINE, local.ENGINE)
