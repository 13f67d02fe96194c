"""Sign-in: name and password, and what will happen next."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app import intents, texts
from app.errors import Report, Trouble
from app.ui import icons
from app.ui.language import translate
from app.ui.pages.base import PageWidget
from app.ui.theme import tokens
from app.ui.widgets.basics import (
    Button,
    CheckBox,
    Label,
    Paragraph,
    Symbol,
    card,
    column,
    row,
    scrolling,
)
from app.ui.widgets.header import Logo
from app.ui.widgets.message import MessageBox
from app.ui.widgets.proxy_dialog import ProxyDialog
from app.view import SignInView

_STEPS = ("user", "face", "film")
_PASSING = (
    Trouble.UNREACHABLE,
    Trouble.SERVER_FAULT,
    Trouble.NONSENSE,
    Trouble.BUSY,
    Trouble.PORTAL,
    Trouble.LINE_UNTRUSTED,
    Trouble.CLOCK_WRONG,
    Trouble.PROXY_WAY_UNKNOWN,
)
"""Troubles whose next step is to try the same again."""


class SignInPage(PageWidget):
    """Left what happens next, right the form."""

    def __init__(self) -> None:
        super().__init__()
        self._view: SignInView | None = None
        self.brand = self._make_brand()
        form = self._make_form()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.brand, 5)
        layout.addWidget(form, 6)
        self.retranslate()

    def _make_brand(self) -> QFrame:
        panel = card("brand")
        self.brand_title = Label("display")
        self.brand_lead = Paragraph("lead")
        self.steps: list[tuple[Label, Paragraph]] = []
        inside = column(None, gap=10, margin=(56, 24, 48, 24))
        inside.addLayout(row(Logo(56), 8, self.brand_title, None, gap=12))
        inside.addWidget(self.brand_lead)
        inside.addSpacing(24)
        for icon in _STEPS:
            head, text = Label("heading"), Paragraph("second")
            self.steps.append((head, text))
            line = QHBoxLayout()
            line.setSpacing(16)
            line.addWidget(Symbol(icon, 30, "primary"), 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(column(head, text, gap=2), 1)
            inside.addLayout(line)
            inside.addSpacing(14)
        inside.addStretch(1)
        panel.setLayout(inside)
        panel.setMaximumWidth(620)
        return panel

    def _make_form(self) -> QWidget:
        self.title = Label("display")
        self.name_label = Label("strong")
        self.name = QLineEdit()
        self.name.setObjectName("signInName")
        self.name.setMaxLength(80)
        self.password_label = Label("strong")
        self.password = QLineEdit()
        self.password.setObjectName("signInPassword")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(200)
        self.reveal = QAction(self.password)
        self.reveal.setCheckable(True)
        self.reveal.toggled.connect(self._show_password)
        self.password.addAction(self.reveal, QLineEdit.ActionPosition.TrailingPosition)
        self.name_label.setBuddy(self.name)
        self.password_label.setBuddy(self.password)
        self.remember = CheckBox("rememberPassword")
        self.no_keyring = Paragraph("small")
        self.message = MessageBox("signInMessage", "signInLine")
        self.message.button.clicked.connect(self._help_with_line)
        self.button = Button("signInButton", "primary")
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.demo = card("quiet")
        self.demo_words = Paragraph("second")
        self.fill_demo = Button("fillDemo")
        self.demo.setLayout(row(self.demo_words, self.fill_demo, gap=12, margin=(14, 10, 14, 10)))
        self.platform = Label("small")
        self.platform.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name.returnPressed.connect(self._submit)
        self.password.returnPressed.connect(self._submit)
        self.button.clicked.connect(self._submit)
        self.fill_demo.clicked.connect(self._fill_demo)
        inside = column(
            None,
            self.title,
            16,
            self.name_label,
            self.name,
            8,
            self.password_label,
            self.password,
            self.remember,
            self.no_keyring,
            self.message,
            8,
            self.button,
            12,
            self.demo,
            None,
            self.platform,
            gap=6,
            margin=(0, 16, 0, 12),
        )
        box = QWidget()
        box.setMaximumWidth(420)
        box.setLayout(inside)
        side = QWidget()
        self.area = scrolling(side)
        line = QHBoxLayout(side)
        line.setContentsMargins(24, 0, 24, 0)
        line.addStretch(1)
        line.addWidget(box, 1000)
        line.addStretch(1)
        return self.area

    def retranslate(self) -> None:
        self.brand_title.setText(translate("SignIn", "安学"))
        self.brand_lead.setText(translate("SignIn", "安全生产网络培训，学习时间看得见。"))
        words = (
            (
                translate("SignIn", "登录"),
                translate("SignIn", "用培训机构给您的用户名和密码。"),
            ),
            (
                translate("SignIn", "人脸核验"),
                translate("SignIn", "面向摄像头，大约十秒，确认是您本人。"),
            ),
            (
                translate("SignIn", "学习"),
                translate("SignIn", "看课程，时间自动计入，随时可以看到。"),
            ),
        )
        for number, ((head, text), (title, said)) in enumerate(
            zip(self.steps, words, strict=True), start=1
        ):
            head.setText(f"{number}　{title}")
            text.setText(said)
        self.title.setText(translate("SignIn", "登录后开始学习"))
        self.name_label.setText(translate("SignIn", "用户名"))
        self.name.setAccessibleName(translate("SignIn", "用户名"))
        self.name.setPlaceholderText(translate("SignIn", "学员编号或用户名"))
        self.password_label.setText(translate("SignIn", "密码"))
        self.password.setAccessibleName(translate("SignIn", "密码"))
        self.password.setPlaceholderText("")
        self.remember.setText(translate("SignIn", "在这台电脑上记住密码"))
        self.remember.setAccessibleName(self.remember.text())
        keyring = texts.trouble(translate, Report(Trouble.NO_KEYRING))
        self.no_keyring.setText(f"{keyring.what} {keyring.time} {keyring.todo}")
        self.fill_demo.say(translate("SignIn", "填入"))
        self._show_password(self.reveal.isChecked())

    def render_view(self, view: SignInView) -> None:
        """Show a view; what the learner typed stays unless the view brings another name."""
        before = self._view
        self._view = view
        if before is None or before.name != view.name:
            self.name.setText(view.name)
        if before is None or before.remembered_password != view.remembered_password:
            self.password.setText(view.remembered_password)
            self.remember.setChecked(bool(view.remembered_password))
        for control in (self.name, self.password, self.button, self.fill_demo):
            control.setEnabled(not view.busy)
        self.remember.setEnabled(view.can_remember_password and not view.busy)
        self.no_keyring.setVisible(not view.can_remember_password)
        busy, idle = translate("SignIn", "正在登录…"), translate("SignIn", "登录")
        if view.report is not None and view.report.trouble in _PASSING:
            idle = translate("SignIn", "重试")
        self.button.say(busy if view.busy else idle)
        message = None
        if view.report is not None and not view.busy:
            message = texts.trouble(translate, view.report)
        self.message.show_message("danger", message)
        trouble = view.report.trouble if view.report is not None else None
        help_words = translate("Connection", "检查网络连接")
        if trouble is Trouble.PROXY_ASKS:
            help_words = translate("SignIn", "填写代理密码")
        self.message.button.say(help_words)
        self.message.button.setVisible(trouble in (*_PASSING, Trouble.PROXY_ASKS))
        self.demo.setVisible(view.demo_account is not None)
        if view.demo_account is not None:
            name, password = view.demo_account
            self.demo_words.setText(
                translate("SignIn", "演示账号：{name}　密码：{password}").format(
                    name=name, password=password
                )
            )
        self.platform.setText(translate("SignIn", "平台：{address}").format(address=view.platform))
        self.platform.setVisible(bool(view.platform))
        if before is not None and before.busy and not view.busy and view.report is not None:
            self.password.setFocus()
            self.password.selectAll()

    def first_focus(self) -> QWidget | None:
        return self.password if self.name.text() and not self.password.text() else self.name

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.brand.setVisible(self.width() >= 900)

    def _submit(self) -> None:
        if not self.name.text().strip():
            self.name.setFocus()
        elif not self.password.text():
            self.password.setFocus()
        else:
            remember = self.remember.isChecked() and self.remember.isEnabled()
            self.intent.emit(
                intents.SignIn(self.name.text().strip(), self.password.text(), remember)
            )

    def _help_with_line(self) -> None:
        report = self._view.report if self._view is not None else None
        if report is None or report.trouble is not Trouble.PROXY_ASKS:
            self.intent.emit(intents.LookAtLine())
            return
        can_remember = self._view is not None and self._view.can_remember_password
        dialog = ProxyDialog(self.window(), report.place, can_remember=can_remember)
        dialog.given.connect(self._use_proxy)
        dialog.open()

    def _use_proxy(self, login: intents.ProxyLogin) -> None:
        """The proxy is told first, and then the same sign-in is tried again."""
        self.intent.emit(login)
        self._submit()

    def _fill_demo(self) -> None:
        if self._view is not None and self._view.demo_account is not None:
            name, password = self._view.demo_account
            self.name.setText(name)
            self.password.setText(password)
            self.button.setFocus()

    def _show_password(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode
        self.password.setEchoMode(mode.Normal if shown else mode.Password)
        ink = tokens().second
        self.reveal.setIcon(icons.icon("eye_off" if shown else "eye", 20, ink, ink))
        hide, show = translate("SignIn", "隐藏密码"), translate("SignIn", "显示密码")
        self.reveal.setText(hide if shown else show)
        self.reveal.setToolTip(self.reveal.text())
