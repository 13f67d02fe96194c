"""The contract as a list of promises that any server can be held to, by its address alone."""
