"""Study records: chained, sealed, sent, answered."""
