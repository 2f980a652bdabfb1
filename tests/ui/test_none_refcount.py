"""PySide6 must not drop a reference to None with each call that returns it: after enough of them Python aborts."""

import sys

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="from Python 3.12 on None is immortal and has no count")
def test_a_thousand_calls_leave_the_count_of_none_alone(qtbot: QtBot) -> None:
    shown = QLabel()
    qtbot.addWidget(shown)
    shown.setText("0")
    before = sys.getrefcount(None)
    for number in range(1000):
        shown.setText(str(number))
        shown.setEnabled(number % 2 == 0)
    assert abs(sys.getrefcount(None) - before) < 50
