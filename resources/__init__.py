"""What Anxue shows and plays: the demo course, the coded test film, texts and icons.

Nothing here runs inside the shipped client; `resources.build` makes films at development time.
"""
