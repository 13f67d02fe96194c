"""Every table of the platform, wherever it is written down: what migrations compare with."""

from sync.reference import tables

METADATA = tables.Table.metadata
