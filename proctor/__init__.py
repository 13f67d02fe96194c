"""The right, living person is there: random checks, liveness, identity, presence."""
