"""Words for every trouble: what happened, what it means for the time, what to do."""

from collections.abc import Mapping

from app.errors import Report, Trouble
from app.texts.base import QT_TRANSLATE_NOOP, Message, Translate, duration

# The sentences that come back in many messages.
_KEPT = QT_TRANSLATE_NOOP("Trouble", "学习已暂停，已看的时间不会丢失。")
_NO_EFFECT = QT_TRANSLATE_NOOP("Trouble", "已经计入的时间不受影响。")
_ASK = QT_TRANSLATE_NOOP("Trouble", "如果还是这样，请联系培训机构。")

_TROUBLES: Mapping[Trouble, tuple[str, str, str]] = {
    Trouble.WRONG_PASSWORD: (
        QT_TRANSLATE_NOOP("Trouble", "用户名或密码不正确。"),
        "",
        QT_TRANSLATE_NOOP("Trouble", "请检查大小写后重新输入。忘记密码请联系培训机构。"),
    ),
    Trouble.UNREACHABLE: (
        QT_TRANSLATE_NOOP("Trouble", "暂时连接不上培训平台。"),
        QT_TRANSLATE_NOOP("Trouble", "已看的时间保存在这台电脑上，不会丢失。"),
        QT_TRANSLATE_NOOP("Trouble", "请检查网线或无线网络，然后点“重试”。"),
    ),
    Trouble.SERVER_FAULT: (
        QT_TRANSLATE_NOOP("Trouble", "培训平台出了问题，没有完成这次请求。"),
        QT_TRANSLATE_NOOP("Trouble", "已看的时间保存在这台电脑上，不会丢失。"),
        QT_TRANSLATE_NOOP("Trouble", "请过一两分钟点“重试”。如果还是这样，请联系培训机构。"),
    ),
    Trouble.NONSENSE: (
        QT_TRANSLATE_NOOP("Trouble", "收到的回答不是培训平台应有的内容。"),
        QT_TRANSLATE_NOOP("Trouble", "已看的时间保存在这台电脑上，不会丢失。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "请确认平台地址正确。机房网络需要先在浏览器登录的，请登录后点“重试”。"
        ),
    ),
    Trouble.NAME_UNKNOWN: (
        QT_TRANSLATE_NOOP("Trouble", "在网络上找不到这个地址。"),
        QT_TRANSLATE_NOOP("Trouble", "已看的时间保存在这台电脑上，不会丢失。"),
        QT_TRANSLATE_NOOP("Trouble", "请检查网线或无线网络，并确认平台地址没有写错。"),
    ),
    Trouble.NO_WAY: (
        QT_TRANSLATE_NOOP("Trouble", "代理设置没有给出可以用的通路。"),
        QT_TRANSLATE_NOOP("Trouble", "已看的时间保存在这台电脑上，不会丢失。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "请网络管理员检查代理脚本，或让平台地址不经过代理，然后点“重试”。"
        ),
    ),
    Trouble.BUSY: (
        QT_TRANSLATE_NOOP("Trouble", "培训平台现在很忙，请您稍等。"),
        QT_TRANSLATE_NOOP("Trouble", "已看的时间保存在这台电脑上，不会丢失。"),
        QT_TRANSLATE_NOOP("Trouble", "请过一两分钟点“重试”。"),
    ),
    Trouble.PORTAL: (
        QT_TRANSLATE_NOOP("Trouble", "网络返回的是一个网页，不是培训平台的回答。"),
        QT_TRANSLATE_NOOP("Trouble", "已看的时间保存在这台电脑上，不会丢失。"),
        QT_TRANSLATE_NOOP(
            "Trouble",
            "这个网络可能要先登录：请打开浏览器，随便打开一个网页，按提示登录网络，"
            "然后点“重试”。如果还是这样，请确认平台地址正确。",
        ),
    ),
    Trouble.LINE_UNTRUSTED: (
        QT_TRANSLATE_NOOP("Trouble", "这条网络上有设备代替培训平台回答，这台电脑不信任它。"),
        QT_TRANSLATE_NOOP("Trouble", "没有发送您的学习记录。已看的时间不会丢失。"),
        QT_TRANSLATE_NOOP(
            "Trouble",
            "请先在浏览器里看看这个网络是否要登录。单位网络检查加密流量的，"
            "请网络管理员把检查设备的根证书装到系统的“受信任的根证书颁发机构”，"
            "或放行平台地址，然后点“重试”。",
        ),
    ),
    Trouble.CLOCK_WRONG: (
        QT_TRANSLATE_NOOP("Trouble", "这台电脑的日期或时间不对，加密连接建立不起来。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "学时按平台的时间计算。已看的时间保存在这台电脑上，不会丢失。"
        ),
        QT_TRANSLATE_NOOP(
            "Trouble", "请在系统设置的“日期和时间”中打开“自动设置时间”，然后点“重试”。"
        ),
    ),
    Trouble.PROXY_ASKS: (
        QT_TRANSLATE_NOOP("Trouble", "这个网络的代理服务器要求用户名和密码。"),
        QT_TRANSLATE_NOOP("Trouble", "已看的时间保存在这台电脑上，不会丢失。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "请填写网络管理员给您的代理用户名和密码，它们和学习账号无关。"
        ),
    ),
    Trouble.PROXY_WAY_UNKNOWN: (
        QT_TRANSLATE_NOOP("Trouble", "代理服务器只接受单位的域账号登录，本程序还不支持。"),
        QT_TRANSLATE_NOOP("Trouble", "已看的时间保存在这台电脑上，不会丢失。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "请网络管理员让平台地址不经过代理，或为它打开用户名密码登录，然后点“重试”。"
        ),
    ),
    Trouble.CLOCK_OFF: (
        QT_TRANSLATE_NOOP("Trouble", "这台电脑的时间与平台相差 {by}。"),
        QT_TRANSLATE_NOOP("Trouble", "学时按平台的时间计算，不受影响，可以学习。"),
        QT_TRANSLATE_NOOP("Trouble", "请在系统设置的“日期和时间”中打开“自动设置时间”。"),
    ),
    Trouble.UNTRUSTED_PLATFORM: (
        QT_TRANSLATE_NOOP("Trouble", "无法确认对方是您的培训平台，已停止连接。"),
        QT_TRANSLATE_NOOP("Trouble", "没有发送您的学习记录。已看的时间不会丢失。"),
        QT_TRANSLATE_NOOP("Trouble", "请不要继续登录，把这一页告诉培训机构。"),
    ),
    Trouble.DEMO_PLATFORM: (
        QT_TRANSLATE_NOOP("Trouble", "这是演示平台，不能用于正式学习。"),
        QT_TRANSLATE_NOOP("Trouble", "在演示平台上学习，不会计入学时。"),
        QT_TRANSLATE_NOOP("Trouble", "请联系培训机构，取得正式平台的地址。"),
    ),
    Trouble.SIGNED_OUT: (
        QT_TRANSLATE_NOOP("Trouble", "平台已结束这次登录。"),
        _KEPT,
        QT_TRANSLATE_NOOP("Trouble", "请重新登录，然后从停下的地方继续。"),
    ),
    Trouble.TAKEN_OVER: (
        QT_TRANSLATE_NOOP("Trouble", "您的账号已在另一台设备上登录。"),
        QT_TRANSLATE_NOOP("Trouble", "这台电脑已停止计时，之前计入的时间不受影响。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "如果是您本人，请在那台设备上继续。如果不是，请尽快告诉培训机构。"
        ),
    ),
    Trouble.RECORDS_REFUSED: (
        QT_TRANSLATE_NOOP("Trouble", "平台没有接受这台电脑的学习记录。"),
        QT_TRANSLATE_NOOP("Trouble", "记录完整保存在本机，可由培训机构人工核对。"),
        QT_TRANSLATE_NOOP("Trouble", "请重新登录后继续，并把这件事告诉培训机构。"),
    ),
    Trouble.NO_CAMERA: (
        QT_TRANSLATE_NOOP("Trouble", "没有找到摄像头。"),
        QT_TRANSLATE_NOOP("Trouble", "还不能开始计时。已经计入的时间不受影响。"),
        QT_TRANSLATE_NOOP("Trouble", "请接好摄像头，等待几秒，然后点“重试”。"),
    ),
    Trouble.CAMERA_BUSY: (
        QT_TRANSLATE_NOOP("Trouble", "摄像头被其他程序占用。"),
        QT_TRANSLATE_NOOP("Trouble", "还不能开始计时。已经计入的时间不受影响。"),
        QT_TRANSLATE_NOOP("Trouble", "请关闭正在使用摄像头的程序，然后点“重试”。"),
    ),
    Trouble.CAMERA_DENIED: (
        QT_TRANSLATE_NOOP("Trouble", "系统不允许本程序使用摄像头。"),
        QT_TRANSLATE_NOOP("Trouble", "还不能开始计时。已经计入的时间不受影响。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "请在系统设置的“隐私 > 摄像头”中允许桌面应用使用摄像头，然后点“重试”。"
        ),
    ),
    Trouble.CAMERA_LOST: (
        QT_TRANSLATE_NOOP("Trouble", "摄像头的画面中断了。"),
        _KEPT,
        QT_TRANSLATE_NOOP("Trouble", "请检查摄像头的连接，然后点“重试”。"),
    ),
    Trouble.MODELS_MISSING: (
        QT_TRANSLATE_NOOP("Trouble", "人脸核验所需的文件不完整。"),
        QT_TRANSLATE_NOOP("Trouble", "还不能开始计时。已经计入的时间不受影响。"),
        QT_TRANSLATE_NOOP("Trouble", "请重新安装本程序，或联系机房管理员。"),
    ),
    Trouble.OTHER_PERSON: (
        QT_TRANSLATE_NOOP("Trouble", "没能确认画面中是登记的学员。"),
        QT_TRANSLATE_NOOP("Trouble", "还不能开始计时。已经计入的时间不受影响。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "请您本人面向摄像头再试一次。如果还是不行，请联系培训机构人工核验。"
        ),
    ),
    Trouble.UNSURE_PERSON: (
        QT_TRANSLATE_NOOP("Trouble", "画面不够清楚，还不能确认是您本人。"),
        QT_TRANSLATE_NOOP("Trouble", "还不能开始计时。已经计入的时间不受影响。"),
        QT_TRANSLATE_NOOP("Trouble", "请让光线照在脸上，摘下口罩和墨镜，然后点“重试”。"),
    ),
    Trouble.CHECK_FAILED: (
        QT_TRANSLATE_NOOP("Trouble", "学习中的人脸验证没有完成。"),
        QT_TRANSLATE_NOOP("Trouble", "上次验证通过之后的 {by} 暂未计入。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "请重新登录，从没有计入的地方再看一遍。有疑问请联系培训机构。"
        ),
    ),
    Trouble.IDLE: (
        QT_TRANSLATE_NOOP("Trouble", "有一段时间没有看到您操作。"),
        QT_TRANSLATE_NOOP("Trouble", "{by} 后将退出登录，已看的时间不会丢失。"),
        QT_TRANSLATE_NOOP("Trouble", "如果您还在，请动一下鼠标或按任意键。"),
    ),
    Trouble.FILM_UNREACHABLE: (
        QT_TRANSLATE_NOOP("Trouble", "课程画面加载不出来，网络可能中断了。"),
        _KEPT,
        QT_TRANSLATE_NOOP("Trouble", "请检查网络后点“重试”，也可以改用“流畅”。"),
    ),
    Trouble.FILM_MISSING: (
        QT_TRANSLATE_NOOP("Trouble", "平台上没有找到这一课的视频。"),
        _NO_EFFECT,
        QT_TRANSLATE_NOOP("Trouble", "请先学习其他课程，稍后再点“重试”，并把这件事告诉培训机构。"),
    ),
    Trouble.FILM_REFUSED: (
        QT_TRANSLATE_NOOP("Trouble", "平台没有允许播放这一课。"),
        _NO_EFFECT,
        QT_TRANSLATE_NOOP("Trouble", "请重新登录。如果还是这样，请联系培训机构。"),
    ),
    Trouble.FILM_BROKEN: (
        QT_TRANSLATE_NOOP("Trouble", "这一课的视频有损坏，不能继续播放。"),
        _KEPT,
        QT_TRANSLATE_NOOP("Trouble", "请点“重试”重新下载。如果还是这样，请联系培训机构。"),
    ),
    Trouble.FILM_UNSUPPORTED: (
        QT_TRANSLATE_NOOP("Trouble", "这台电脑放不了这一课的视频格式。"),
        _NO_EFFECT,
        QT_TRANSLATE_NOOP("Trouble", "请改用“流畅”。如果还是这样，请联系培训机构。"),
    ),
    Trouble.STORE_DAMAGED: (
        QT_TRANSLATE_NOOP("Trouble", "这台电脑上的学习记录文件有损坏。"),
        QT_TRANSLATE_NOOP("Trouble", "平台已确认的时间都在，没有上传的部分可能要补看。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "请点“重试”：能读出的记录会找回，损坏的文件会另存，然后用新文件继续。"
        ),
    ),
    Trouble.STORE_RESCUED: (
        QT_TRANSLATE_NOOP("Trouble", "损坏的学习记录文件已另存，现在用的是新文件。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "已找回 {n} 条记录。平台已确认的时间都在，没有上传的部分可能要补看。"
        ),
        QT_TRANSLATE_NOOP("Trouble", "可以继续学习，并请告诉培训机构。"),
    ),
    Trouble.STORE_FULL: (
        QT_TRANSLATE_NOOP("Trouble", "磁盘已满，学习记录存不下了。"),
        _KEPT,
        QT_TRANSLATE_NOOP("Trouble", "请清空回收站或删除不用的文件，然后点“重试”。"),
    ),
    Trouble.STORE_READ_ONLY: (
        QT_TRANSLATE_NOOP("Trouble", "学习记录所在的文件夹不允许写入。"),
        _KEPT,
        QT_TRANSLATE_NOOP("Trouble", "请联系机房管理员打开写入权限，然后点“重试”。"),
    ),
    Trouble.STORE_LOCKED: (
        QT_TRANSLATE_NOOP("Trouble", "学习记录文件正被另一个程序占用。"),
        QT_TRANSLATE_NOOP("Trouble", "为避免记录出错，已停止计时。已看的时间不受影响。"),
        QT_TRANSLATE_NOOP(
            "Trouble",
            "如果还开着另一个安学窗口，请回到那里，或关闭它。"
            "如果杀毒或备份软件正在检查文件，请稍等。然后点“重试”。",
        ),
    ),
    Trouble.NO_KEYRING: (
        QT_TRANSLATE_NOOP("Trouble", "这台电脑没有可用的系统密码保管库。"),
        QT_TRANSLATE_NOOP("Trouble", "不影响学习和计时。"),
        QT_TRANSLATE_NOOP("Trouble", "密码不会保存，下次登录时请再输入一次。"),
    ),
    Trouble.KEY_NOT_KEPT: (
        QT_TRANSLATE_NOOP("Trouble", "这台电脑没有可用的系统密码保管库。"),
        QT_TRANSLATE_NOOP(
            "Trouble",
            "可以照常学习和计时，记录会随时上传。记录的密钥只保留到程序关闭："
            "如果程序意外中断，那时还没有上传的记录将无法再读取，可能要补看。",
        ),
        QT_TRANSLATE_NOOP(
            "Trouble", "您可以点“继续学习”，或请机房管理员启用系统密码保管库，然后点“重试”。"
        ),
    ),
    Trouble.STORE_ELSEWHERE: (
        QT_TRANSLATE_NOOP("Trouble", "这里有从另一台电脑带来的学习记录。"),
        QT_TRANSLATE_NOOP(
            "Trouble", "其中 {n} 条可能还没有上传，这台电脑无法读取。平台已确认的时间都在。"
        ),
        QT_TRANSLATE_NOOP(
            "Trouble", "请在原来的电脑上登录一次，记录会自动上传。这里可以继续学习。"
        ),
    ),
    Trouble.STORE_OTHER_KEY: (
        QT_TRANSLATE_NOOP("Trouble", "这台电脑上有用旧密钥保存的学习记录，现在无法读取。"),
        QT_TRANSLATE_NOOP("Trouble", "其中 {n} 条没有上传，可能要补看。平台已确认的时间都在。"),
        QT_TRANSLATE_NOOP("Trouble", "可以继续学习。旧文件完整保留，有疑问请联系培训机构。"),
    ),
}


def trouble(translate: Translate, report: Report) -> Message:
    """The words for a trouble; one without words of its own gets an honest general one."""
    sources = _TROUBLES.get(
        report.trouble,
        (QT_TRANSLATE_NOOP("Trouble", "出现了一个没有预料到的问题。"), _NO_EFFECT, _ASK),
    )
    by = duration(translate, abs(report.seconds))
    what, time, todo = (
        translate("Trouble", source).format(by=by, n=report.records) if source else ""
        for source in sources
    )
    return Message(what, time, todo)
