"""The demo course 有限空间作业安全: its words, its questions and its maker."""
