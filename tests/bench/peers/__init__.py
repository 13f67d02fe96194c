"""Other programs that play films, measured beside ours. None of this reaches learners."""
