"""Name and password for the room's proxy server: the network's own question, not the platform's."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app import intents
from app.ui.language import translate
from app.ui.widgets.basics import Button, CheckBox, Label, Paragraph, Symbol, column, row


class ProxyDialog(QDialog):
    """`given` tells what was filled in; made anew each time, in the language in use.

    place: who asks, host:port; nobody should give a password to they don't know whom.
    """

    given = Signal(object)

    def __init__(self, parent: QWidget, place: str, *, can_remember: bool) -> None:
        super().__init__(parent)
        self.setObjectName("proxyDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("Proxy", "代理服务器登录"))
        self.setFixedWidth(min(440, parent.width() - 24))
        self.name, self.password = QLineEdit(), QLineEdit()
        self.name.setObjectName("proxyName")
        self.password.setObjectName("proxyPassword")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        name, password = Label("strong"), Label("strong")
        name.setText(translate("Proxy", "代理用户名"))
        password.setText(translate("Proxy", "代理密码"))
        for label, field in ((name, self.name), (password, self.password)):
            label.setBuddy(field)
            field.setAccessibleName(label.text())
            field.setMaxLength(200)
            field.returnPressed.connect(self._give)
        self.place = Paragraph("strong", text=place)
        self.place.setObjectName("proxyPlace")
        self.place.setVisible(bool(place))
        self.remember = CheckBox("proxyRemember")
        self.remember.setText(translate("Proxy", "在这台电脑上记住"))
        self.remember.setAccessibleName(self.remember.text())
        self.remember.setVisible(can_remember)
        use, leave = Button("proxyUse", "primary"), Button("proxyLeave", "large")
        use.say(translate("Proxy", "使用"))
        leave.say(translate("Proxy", "取消"))
        for button in (use, leave):
            button.setAutoDefault(False)
        use.clicked.connect(self._give)
        leave.clicked.connect(self.reject)
        head = row(Symbol("lock", 24, "primary"), gap=12)
        head.addWidget(Label("title", text=self.windowTitle()), 1)
        words = translate(
            "Proxy", "这个网络要求登录代理服务器。用户名和密码由网络管理员给您，和学习账号无关。"
        )
        self.setLayout(
            column(
                head,
                Paragraph("", text=words),
                self.place,
                8,
                name,
                self.name,
                4,
                password,
                self.password,
                self.remember,
                12,
                row(None, leave, use, gap=12),
                gap=6,
                margin=24,
            )
        )
        self.name.setFocus()

    def _give(self) -> None:
        if not self.name.text().strip():
            self.name.setFocus()
            return
        self.given.emit(
            intents.ProxyLogin(
                self.name.text().strip(), self.password.text(), self.remember.isChecked()
            )
        )
        self.accept()
