from dataclasses import dataclass

@dataclass
class Category:
    index: int
    score: float
    display_name: str | None
    category_name: str
