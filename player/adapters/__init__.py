"""Qt Multimedia, the loopback media cache and whatever else touches the machine."""
