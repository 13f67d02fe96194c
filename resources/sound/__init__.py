"""Narration and the few other sounds of the demo course."""
