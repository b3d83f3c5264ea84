"""The exceptions of the program.

HarvesterError            something a person can read and act on; carries a Message
├── UsageError            wrong words on the command line                              exit 2
├── ConfigError           config.toml or the environment says something unusable       exit 2
├── InvalidIdentifier     text that is no identifier of the scheme asked for           outcome `invalid`
├── ParseError            a document or a reply is not what its format promises        outcome `malformed`
├── SourceUnavailable     a service gave no usable answer: ask again                   outcome `deferred`
│   └── SourceRefused     a service will not answer us: key, block                     outcome `refused`
├── Locked                another run holds the lock                                   exit 5
└── StoreError            the database or the disk                                     exit 6
"""

from __future__ import annotations

from harvester.messages import Lang, Message


class HarvesterError(Exception):
    """Something a person can read and act on."""

    exit_code = 1

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def text(self, lang: Lang = "en") -> str:
        """What went wrong, in the reader's language."""
        return self.message.text(lang)

    def __str__(self) -> str:
        return self.message.text()


class UsageError(HarvesterError):
    """Wrong words on the command line."""

    exit_code = 2


class ConfigError(HarvesterError):
    """`config.toml` or the environment says something unusable."""

    exit_code = 2


class InvalidIdentifier(HarvesterError):  # noqa: N818  the glossary's word
    """Text that is no identifier of the scheme asked for."""

    exit_code = 2


class ParseError(HarvesterError):
    """A document or a reply is not what its format promises."""

    exit_code = 3


class SourceUnavailable(HarvesterError):  # noqa: N818
    """A service gave no usable answer (rate, budget, outage): ask again.

    `retry_after_s` is what the service asked for, None where it did not say.
    """

    exit_code = 4

    def __init__(self, message: Message, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class SourceRefused(SourceUnavailable):
    """A service will not answer us (key, block): asking again does not help."""


class Locked(HarvesterError):  # noqa: N818
    """Another run holds the lock."""

    exit_code = 5


class StoreError(HarvesterError):
    """The database or the disk."""

    exit_code = 6
