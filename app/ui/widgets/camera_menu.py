"""Which camera: a button with its name, and a menu of those that are there now."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy

from app import intents
from app.ui.language import translate
from app.ui.widgets.menus import MenuButton
from app.view import CameraChoice


class CameraMenu(MenuButton):
    """Follows cameras that come and go, also while its menu is open."""

    def __init__(self) -> None:
        super().__init__("cameraMenu", "camera")
        self.as_kind("large")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(160)
        self._cameras: tuple[CameraChoice, ...] = ()
        self._camera = ""
        self.hide()

    def render_cameras(self, cameras: tuple[CameraChoice, ...], camera: str) -> None:
        """cameras: those that are there; camera: the name of the one in use, "" for none."""
        if (cameras, camera) == (self._cameras, self._camera):
            return
        self._cameras, self._camera = cameras, camera
        self.setVisible(bool(cameras))
        self._write()
        if self.menu_.isVisible():
            if cameras:
                self.menu_.clear()
                self.fill(self.menu_)
            else:
                self.menu_.close()

    def retranslate(self) -> None:
        """Say the words anew."""
        self._write()

    def fill(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for each in self._cameras:
            intent = intents.ChooseCamera(each.name)
            self.choice(group, each.label, intent, chosen=each.name == self._camera)

    def _label(self) -> str:
        chosen = [each.label for each in self._cameras if each.name == self._camera]
        return chosen[0] if chosen else translate("Camera", "选择摄像头")

    def _write(self) -> None:
        """A long name gives way at its end; it is whole in the hint and in the menu."""
        label = self._label()
        self.ensurePolished()
        room = max(40, self.width() - 64)
        words = self.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, room)
        self.say(words, hint=translate("Camera", "更换摄像头"))
        self.setAccessibleName(translate("Camera", "摄像头：{name}").format(name=label))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()
