"""What `dev.py` is made of: setting the machine up, checking, measuring, building.

Standard library only, but for `third_party` and `benches`, which run inside the
environment. Nothing here is part of the product.
"""
