"""Where things lie on this PC. One environment variable each moves them, for rooms and tests."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

NAME = "anxue"


@dataclass(frozen=True, slots=True)
class Places:
    """data: records, never deleted by us. config: choices. cache: can be made anew. log: text."""

    data: Path
    config: Path
    cache: Path
    log: Path
    shared_media: Path = Path("anxue-media")
    """Films for all users of this PC, where the policy wants that."""

    @classmethod
    def of_user(cls) -> Places:
        """The user's own folders; made when first written to."""
        dirs = platformdirs.PlatformDirs(NAME, appauthor=False, roaming=False)
        cache = os.environ.get("ANXUE_CACHE")
        shared = os.environ.get("ANXUE_SHARED_MEDIA")
        return cls(
            data=dirs.user_data_path,
            config=dirs.user_config_path,
            cache=Path(cache) if cache else dirs.user_cache_path,
            log=dirs.user_log_path,
            shared_media=Path(shared) if shared else dirs.site_cache_path / "media",
        )

    @classmethod
    def under(cls, folder: Path, cache: Path) -> Places:
        """Everything in one folder: the demo leaves nothing elsewhere."""
        return cls(
            folder / "data", folder / "config", cache, folder / "log", folder / "shared-media"
        )
