"""The window, driven as a learner would: no platform, no camera, no film."""
