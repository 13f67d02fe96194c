"""The `/v1` endpoints, a file for each part of the contract."""
