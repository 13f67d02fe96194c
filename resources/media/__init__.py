"""Pictures and sound into MP4 files. Build tools: needs PyAV, never part of the client."""
