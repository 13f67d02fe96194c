"""Cameras, face models and the thread that reads them."""
