"""The coded test film: every frame says its number, every second has its own tone."""
