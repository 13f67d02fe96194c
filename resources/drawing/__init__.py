"""Slides of the demo course, drawn with QPainter on a stage of 1280 x 720."""
