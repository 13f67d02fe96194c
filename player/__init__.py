"""The film: what was shown, what may be sought, which rendition comes next."""
