"""What a person who starts the demo can do something about."""


class StudioUnavailable(Exception):  # noqa: N818  (a state of the machine)
    """The simulated people can't be rendered here; says why and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


def no_opengl(detail: str) -> StudioUnavailable:
    """There is no OpenGL without a window."""
    return StudioUnavailable(
        "无法绘制模拟学员：本机没有可用的 OpenGL。"
        "Debian 请运行 apt-get install libegl1 libgl1-mesa-dri；"
        f"Windows 请安装显卡驱动程序。（{detail}）",
        "The simulated learners can't be drawn: there is no OpenGL here. "
        "On Debian run: apt-get install libegl1 libgl1-mesa-dri. "
        f"On Windows install the graphics driver. ({detail})",
    )


def no_moderngl() -> StudioUnavailable:
    """The drawing library belongs to the demo's group of libraries only."""
    return StudioUnavailable(
        "无法绘制模拟学员：缺少 moderngl。请运行 python3 dev.py demo，它会自动安装。",
        "The simulated learners can't be drawn: moderngl is missing. "
        "Run python3 dev.py demo, which installs it.",
    )
