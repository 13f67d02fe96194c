"""Every table of the platform, wherever it is written down: what migrations compare with."""

from sync.reference import integration_tables, operations_tables, tables

ROOMS = (tables, integration_tables, operations_tables)
METADATA = tables.Table.metadata
