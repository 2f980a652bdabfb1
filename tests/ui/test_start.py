"""The start that cannot be: one dialog."""

from pytestqt.qtbot import QtBot

from ui.forms.notice import Notice


def test_what_keeps_the_program_from_starting_is_said_in_one_sentence(qtbot: QtBot) -> None:
    notice = Notice("The disk is full; nothing was changed.")
    qtbot.addWidget(notice)
    notice.show()
    with qtbot.waitSignal(notice.finished):
        notice.reject()
    assert not notice.isVisible()
