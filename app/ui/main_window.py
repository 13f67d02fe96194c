"""The window: renders views and emits intents; it computes nothing.

`render(view)` is idempotent and cheap: a page is only touched when its part of the view
changed. Pages are built when they are first needed, so that sign-in appears at once.

A test, a rehearsal or assistive technology finds the controls by `objectName`:

* everywhere: `backToClass` `hoursButton` `languageButton` `helpButton` `signOutButton`
  `noticeBar` `noticeDismiss` `helpDialog` `helpClose`
* sign-in: `signInName` `signInPassword` `rememberPassword` `signInButton` `fillDemo`
  `signInMessage`
* consent: `consentAgree` `consentDecline` `consentBack`
* camera: `cameraPicture` `cameraInstruction` `cameraHint` `cameraResult` `cameraMenu`
  `cameraContinue` `cameraRetry` `speechToggle` `simulatedBadge` `simulatedGreeting`
  `signInCheck` with what a check has
* class: `continueButton` `lessonCard_<lesson>` `classRetry` `classRefresh`
  `classReconnect`
* lesson: `stage` `playButton` `backButton10` `seekBar` `lessonTime` `muteButton`
  `volumeSlider` `soundNote` `chapterButton` `rateButton` `captionsButton` (each with a
  `…Menu`) `captions` `seekBubble` `bufferRing` `useFluent` `modeNote`
  `modeFluent` `modeStandard` `modeHigh` `fullScreenButton` `statusLine`
  `statusWord` `statusDetail` `statusNumber` `statusAction` `pauseCard` `pauseTitle`
  `resumeButton` `pauseBack` `lessonRetry` `sideColumn` `courseLesson_<lesson>` `cameraFold`
  `cheatingWarning` `whyDialog` `whyClose`
* a check: `checkOverlay` `checkInstruction` `checkHint` `checkTime` `checkAttempts`
  `checkWaiting` `checkRetry` `checkChange`
* hours: `exportButton` `snapshotsButton` `hoursRetry` `hoursReconnect`; snapshots:
  `snapshotsTable` `snapshotsRetry` `snapshotsReconnect`; trouble: `troubleTitle`
  `troubleRetry`; signed out: `signedOutTitle` `signedOutWhy` `signedOutSending`
  `appealButton` `appealNumber` `appealCopy` `signedOutAgain`
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app import intents
from app.ui import language
from app.ui.icons import application_icon
from app.ui.language import translate
from app.ui.pages.base import PageWidget
from app.ui.pages.camera import CameraPage
from app.ui.pages.classroom import ClassPage
from app.ui.pages.consent import ConsentPage
from app.ui.pages.hours import HoursPage
from app.ui.pages.lesson import LessonPage
from app.ui.pages.sign_in import SignInPage
from app.ui.pages.signed_out import SignedOutPage
from app.ui.pages.snapshots import SnapshotsPage
from app.ui.pages.trouble import TroublePage
from app.ui.widgets.dialogs import HelpDialog
from app.ui.widgets.focus_ring import FocusRing
from app.ui.widgets.header import Header
from app.ui.widgets.line_dialog import LineDialog
from app.ui.widgets.notice_bar import NoticeBar
from app.ui.widgets.proxy_dialog import ProxyDialog
from app.view import LineView, Page, WindowView

_LOW = 560  # below this height the header takes less room


class MainWindow(QMainWindow):
    """The only window. `intent` carries values of `app.intents`.

    `spoken` carries what the computer's voice should say, while the learner wants one.

    Closing is asked for with `close_requested` and happens after `allow_close()`: what
    was recorded has to be sealed first.
    """

    intent = Signal(object)
    spoken = Signal(str)
    close_requested = Signal()

    def __init__(self, film: QWidget) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowIcon(application_icon())
        self.setMinimumSize(640, 320)
        self.resize(1280, 720)
        self._film = film
        self._view: WindowView | None = None
        self._may_close = False
        self._maximised = False
        self._line: LineDialog | None = None
        self._pages: dict[Page, PageWidget] = {}
        self.header = Header()
        self.header.intent.connect(self.intent)
        self.header.help_wanted.connect(self.show_help)
        self.stack = QStackedWidget()
        self.notice = NoticeBar(self.stack)
        self.notice.dismissed.connect(lambda: self.intent.emit(intents.DismissNotice()))
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.stack, 1)
        self.setCentralWidget(centre)
        self._ring = FocusRing(self)
        help_key = QShortcut(QKeySequence(Qt.Key.Key_F1), self)
        help_key.activated.connect(self.show_help)

    # What the program tells the window

    def render(self, view: WindowView) -> None:  # type: ignore[override]
        """Show `view`; called up to ten times a second."""
        before, self._view = self._view, view
        if view == before:
            return
        spoken_anew = language.current() != view.language or before is None
        language.use(view.language)
        if spoken_anew:
            self._speak_anew()
        page = self._page(view.page)
        self._show_part(view, before if not spoken_anew else None)
        self.header.render_header(view)
        if before is None or before.notice != view.notice or spoken_anew:
            self.notice.render_notice(view.notice)
        if before is None or before.line != view.line:
            self._show_line(view.line)
        if before is None or before.page is not view.page:
            if view.page is not Page.LESSON:
                self._leave_full_screen()
            self.stack.setCurrentWidget(page)
            self.notice.raise_()
            self._enter(page)

    def set_preview(self, frame: QImage) -> None:
        """Show a camera picture wherever the page shows one."""
        page = self.stack.currentWidget()
        if isinstance(page, PageWidget):
            page.set_preview(frame)

    def allow_close(self) -> None:
        """Close now: everything is sealed."""
        self._may_close = True
        self.close()

    # Pages

    def _page(self, page: Page) -> PageWidget:
        """The page, built when it is first asked for."""
        if page not in self._pages:
            make: dict[Page, Callable[[], PageWidget]] = {
                Page.SIGN_IN: SignInPage,
                Page.CONSENT: ConsentPage,
                Page.CAMERA: CameraPage,
                Page.CLASS: ClassPage,
                Page.LESSON: self._make_lesson,
                Page.HOURS: HoursPage,
                Page.SNAPSHOTS: SnapshotsPage,
                Page.TROUBLE: TroublePage,
                Page.SIGNED_OUT: SignedOutPage,
            }
            made = make[page]()
            made.intent.connect(self.intent)
            made.spoken.connect(self.spoken)
            self._pages[page] = made
            self.stack.addWidget(made)
        return self._pages[page]

    def _make_lesson(self) -> PageWidget:
        page = LessonPage(self._film)
        page.full_screen_wanted.connect(self._set_full_screen)
        return page

    def _show_part(self, view: WindowView, before: WindowView | None) -> None:
        """Give the shown page its part of the view, if that part changed."""
        names = {
            Page.SIGN_IN: "sign_in",
            Page.CONSENT: "consent",
            Page.CAMERA: "camera",
            Page.CLASS: "classroom",
            Page.LESSON: "lesson",
            Page.HOURS: "hours",
            Page.SNAPSHOTS: "snapshots",
            Page.TROUBLE: "trouble",
            Page.SIGNED_OUT: "signed_out",
        }
        part = getattr(view, names[view.page])
        if part is None or (before is not None and part == getattr(before, names[view.page])):
            return
        page = self._page(view.page)
        page.render_view(part)

    def _enter(self, page: PageWidget) -> None:
        control = page.first_focus()
        if control is not None:
            control.setFocus()
        else:
            self.setFocus()

    def _speak_anew(self) -> None:
        self.setWindowTitle(translate("Window", "安学 · 安全生产网络培训"))
        for page in self._pages.values():
            page.retranslate()
        self.header.forget()

    def _show_line(self, view: LineView | None) -> None:
        if view is None:
            return
        if self._line is None:
            self._line = LineDialog(self)
            self._line.again.connect(lambda: self.intent.emit(intents.LookAtLine()))
            self._line.login.connect(self._log_in_at_proxy)
            self._line.finished.connect(self._line_closed)
            self._line.open()
        self._line.render_line(view)

    def _line_closed(self) -> None:
        self._line = None
        self.intent.emit(intents.CloseLine())

    def _log_in_at_proxy(self, place: str) -> None:
        """The proxy is told first, and then one looks again."""
        sign_in = self._view.sign_in if self._view is not None else None
        can_remember = sign_in is not None and sign_in.can_remember_password
        dialog = ProxyDialog(self._line or self, place, can_remember=can_remember)
        dialog.given.connect(self.intent)
        dialog.given.connect(lambda _: self.intent.emit(intents.LookAtLine()))
        dialog.open()

    def show_help(self) -> None:
        """Open the short manual."""
        dialog = HelpDialog(self)
        dialog.line_wanted.connect(lambda: self.intent.emit(intents.LookAtLine()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # Full screen

    def _set_full_screen(self, full: bool) -> None:  # a slot
        self.header.setVisible(not full)
        if full:
            self._maximised = self.isMaximized()
            self.showFullScreen()
        elif self._maximised:
            self.showMaximized()
        else:
            self.showNormal()

    def _leave_full_screen(self) -> None:
        page = self._pages.get(Page.LESSON)
        if isinstance(page, LessonPage):
            page.set_full_screen(full=False)

    # What Qt tells the window

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ring.watch_input()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.header.make_low(low=self.height() < _LOW)
        QTimer.singleShot(0, self.notice.place)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()
