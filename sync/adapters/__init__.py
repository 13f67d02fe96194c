"""The local store, the keyring and the HTTP client."""
