"""Settings, logs, background work and the desktop."""
