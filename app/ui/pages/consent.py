"""Consent: what is done with the face, said in full before the camera opens."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app import intents
from app.ui.language import translate
from app.ui.pages.base import PageWidget, ScrollingPage
from app.ui.theme import MARGIN
from app.ui.widgets.basics import Button, Label, Paragraph, Symbol, card, column, row
from app.view import ConsentView

_ICONS = ("face", "lock", "cloud_check", "undo", "user")


class ConsentPage(PageWidget):
    """The terms scroll, the two answers stay in sight."""

    def __init__(self) -> None:
        super().__init__()
        self._view: ConsentView | None = None
        self._reading_again = False
        self.terms = ScrollingPage(width=820)
        self.title = Label("title")
        self.lead = Paragraph("lead")
        self.points: list[tuple[Label, Paragraph]] = []
        self.terms.body.addWidget(self.title)
        self.terms.body.addWidget(self.lead)
        self.terms.body.addWidget(self._make_points())
        self.terms.body.addStretch(1)
        self.instead = self._make_instead()
        bar = card("header")
        self.agree = Button("consentAgree", "primary")
        self.decline = Button("consentDecline", "large")
        self.agree.clicked.connect(lambda: self.intent.emit(intents.Agree()))
        self.decline.clicked.connect(self._decline)
        self.note = Paragraph("second")
        bar.setLayout(
            row(self.note, self.decline, self.agree, gap=12, margin=(MARGIN, 12, MARGIN, 12))
        )
        self.bar = bar
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.terms, 1)
        layout.addWidget(self.instead, 1)
        layout.addWidget(bar)
        self.retranslate()

    def _make_points(self) -> QFrame:
        frame = card()
        lines = column(gap=0, margin=(24, 8, 24, 8))
        for number, icon in enumerate(_ICONS):
            head, text = Label("strong"), Paragraph()
            self.points.append((head, text))
            line = QHBoxLayout()
            line.setContentsMargins(0, 12, 0, 12)
            line.setSpacing(16)
            line.addWidget(Symbol(icon, 26, "primary"), 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(column(head, text, gap=2), 1)
            if number:
                lines.addWidget(card("line"))
            lines.addLayout(line)
        frame.setLayout(lines)
        return frame

    def _make_instead(self) -> ScrollingPage:
        """What to do without face recognition."""
        page = ScrollingPage(width=720)
        self.instead_title = Label("title")
        self.instead_text = Paragraph("lesson")
        self.read_again = Button("consentBack", "large", "chevron_left")
        self.read_again.clicked.connect(self._read_again)
        frame = card()
        frame.setLayout(column(self.instead_text, gap=12, margin=24))
        page.body.addWidget(self.instead_title)
        page.body.addWidget(frame)
        page.body.addLayout(row(self.read_again, None))
        page.body.addStretch(1)
        return page

    def retranslate(self) -> None:
        self.title.setText(translate("Consent", "学习前，请您决定是否使用人脸核验"))
        self.agree.say(translate("Consent", "同意，继续"))
        self.decline.say(translate("Consent", "不使用人脸识别"))
        self.note.setText(translate("Consent", "选哪一种都可以完成培训。"))
        self.instead_title.setText(translate("Consent", "不使用人脸识别，改为现场核验"))
        self.read_again.say(translate("Consent", "返回说明"))
        if self._view is not None:
            self._show_terms(self._view)

    def render_view(self, view: ConsentView) -> None:
        """Show the terms, or the way without them."""
        before = self._view
        self._view = view
        if before is None or view != before:
            self._reading_again = False
        self._show_terms(view)
        self._choose()

    def _choose(self) -> None:
        declined = self._view is not None and self._view.declined and not self._reading_again
        self.terms.setVisible(not declined)
        self.bar.setVisible(not declined)
        self.instead.setVisible(declined)

    def _show_terms(self, view: ConsentView) -> None:
        name = view.institution or translate("Consent", "培训机构")
        self.lead.setText(
            translate(
                "Consent", "{name}需要确认学习的是您本人。下面说明会怎样使用您的人脸信息。"
            ).format(name=name)
        )
        words = (
            (translate("Consent", "处理什么"), self._what(view)),
            (
                translate("Consent", "画面留在这台电脑上"),
                self._here(view),
            ),
            (translate("Consent", "交给平台的内容，以及保存多久"), self._sent(view)),
            (
                translate("Consent", "随时可以撤回"),
                translate(
                    "Consent",
                    "向{name}提出撤回，就不再使用您的人脸信息。撤回前已经计入的学时不受影响。",
                ).format(name=name),
            ),
            (
                translate("Consent", "不同意也可以学习"),
                translate(
                    "Consent",
                    "选“不使用人脸识别”，由{name}现场核对您的身份，发给您一次性验证码。",
                ).format(name=name),
            ),
        )
        for (head, text), (title, said) in zip(self.points, words, strict=True):
            head.setText(title)
            text.setText(said)
        self.instead_text.setText(
            translate(
                "Consent",
                "摄像头不会打开，也不会处理您的人脸信息。\n\n"
                "1　带上身份证件，到{name}的现场核验点。\n"
                "2　工作人员核对后，给您一个一次性验证码。\n"
                "3　在现场指定的电脑上，用验证码登录后学习。\n\n"
                "这对您的学时和考试没有影响。改变主意时，可以返回说明重新选择。",
            ).format(name=name)
        )

    @staticmethod
    def _what(view: ConsentView) -> str:
        said = [
            translate(
                "Consent",
                "登录时和学习中不定时，请您做简单的动作，核对您的面部特征；"
                "其余时间只看您是否在座位上。只用于确认学习的人是您本人。",
            )
        ]
        if view.screen_light:
            said.append(translate("Consent", "核对时屏幕会换几种柔和的颜色，照在您的脸上。"))
        return "\n".join(said)

    @staticmethod
    def _here(view: ConsentView) -> str:
        said = [translate("Consent", "视频画面只在这台电脑上即时分析，不录像，也不上传。")]
        if view.template_kept:
            said.append(
                translate("Consent", "登记的人脸特征值加密后保存在这台电脑上，下次登录时核对。")
            )
        return "\n".join(said)

    @staticmethod
    def _sent(view: ConsentView) -> str:
        """What is taken and sent, by the policy, and for how long it is kept."""
        in_check, between = view.snapshots_per_check, view.snapshots_between
        if in_check and between:
            taken = translate("Consent", "每次验证拍 {n} 张照片，两次验证之间再随机拍 {m} 张。")
        elif in_check:
            taken = translate("Consent", "每次验证拍 {n} 张照片。")
        elif between:
            taken = translate("Consent", "两次验证之间随机拍 {m} 张照片。")
        else:
            taken = translate("Consent", "不拍照片。")
        said = [
            translate(
                "Consent", "人脸特征值（一组数字，不是照片）和每次验证的结果，随学习记录交给平台。"
            ),
            taken.format(n=in_check, m=between),
        ]
        if in_check or between:
            said.append(
                translate(
                    "Consent",
                    "照片拍下时就加密，只有平台能打开；平台收到后，这台电脑上的随即删除。"
                    "拍了哪些，可以在“我的学时”的“验证照片”里看到。",
                )
            )
        kept = translate(
            "Consent", "平台在线保存 {online} 个月，离线保存 {offline} 个月，然后删除。"
        )
        said.append(kept.format(online=view.keeps_months_online, offline=view.keeps_months_offline))
        return "\n".join(said)

    def _decline(self) -> None:
        self._reading_again = False
        self._choose()
        self.intent.emit(intents.Decline())
        self.read_again.setFocus()

    def _read_again(self) -> None:
        self._reading_again = True
        self._choose()

    def first_focus(self) -> QWidget | None:
        """Nothing: a second Enter at sign-in must not become a consent."""
        return None
