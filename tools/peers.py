"""hls.js, which `bench switch` measures beside ours: had from npm, checked, kept in the cache.

Only the SHA-512 of the package counts, wherever npm has it from. It never reaches learners.
"""

import base64
import hashlib
import io
import shutil
import tarfile
import tempfile
from pathlib import Path

from resources.cache import cache_dir
from tools.run import quiet
from tools.words import TroubleError, step

HLS_JS = "hls.js@1.7.4"
HLS_JS_SHA512 = (
    "3GlxGdPvT2YHvQYOt+yOzT/DEior/qJVNIylHA77kgeoBTdQQqi70GwefNEUmHQeNGyjC8U62+bruqW/Tpm+tg=="
)
HLS_JS_FILE = "package/dist/hls.min.js"


def hls_js() -> Path:
    """Return where hls.js lies once it was provided."""
    return cache_dir() / "peers" / f"{HLS_JS.replace('@', '-')}.min.js"


def provide() -> None:
    """See to it that hls.js is in the cache."""
    if hls_js().is_file():
        return
    step(f"获取 {HLS_JS}（对比测量用）", f"Fetching {HLS_JS}, to measure beside ours")
    with tempfile.TemporaryDirectory() as place:
        answer = quiet(["npm", "pack", "--silent", "--pack-destination", place, HLS_JS])
        packages = list(Path(place).glob("*.tgz"))
        if answer.returncode or not packages:
            end = "\n".join(answer.stderr.splitlines()[-4:])
            raise TroubleError(
                f"无法下载 {HLS_JS}。请检查网络和 npm 的设置，然后重试。",
                f"{HLS_JS} can't be fetched. Check the network and npm's settings, then try"
                f" again. npm says:\n{end}",
            )
        take(packages[0].read_bytes(), hls_js())


def take(package: bytes, target: Path, sha512: str = HLS_JS_SHA512) -> None:
    """Put hls.js out of npm's package where it belongs; TroubleError if it is another package."""
    if base64.b64encode(hashlib.sha512(package).digest()).decode("ascii") != sha512:
        raise TroubleError(
            f"得到的 {HLS_JS} 与记录的 SHA-512 不符，没有使用。请换一个来源。",
            f"What came as {HLS_JS} does not have the SHA-512 we know; it was not used. Take it"
            " from another source.",
        )
    with tarfile.open(fileobj=io.BytesIO(package)) as content:
        file = content.extractfile(HLS_JS_FILE)
        assert file is not None, "the package with this hash has it"
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".draft")
        draft.write_bytes(file.read())
        shutil.move(draft, target)
