"""The studio: builds an invented person from the packed head and photographs them with OpenGL.

Lengths are decimetres. x: to the image's right, y: up, z: towards the camera.
"""
