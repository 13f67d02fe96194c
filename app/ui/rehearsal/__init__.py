"""The rehearsal: the real program, driven through its own widgets, telling its whole story."""
