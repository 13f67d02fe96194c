"""The study session and everything the learner sees."""
