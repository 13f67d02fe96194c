"""Tampering with everything that is kept or sent: who finds it, or why it does no harm."""
