"""The reference platform: the executable form of the contract."""
