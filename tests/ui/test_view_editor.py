"""What a camera watches: drawn with the mouse or the keyboard, tried on the recording, saved with a name."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from camera.events import Kind
from camera.journal import EndReason, WrittenSegment
from camera.live.pictures import Picture
from storage.people.person import Role
from storage.watch.views import CameraView, WatchZone, set_view, view_changes, view_of
from tests.camera.rig import write_video
from tests.ui.officer import second_agrees
from tests.ui.warehouse import House
from ui.frame.window import Window
from ui.pages.places_page import PlacesPage
from ui.pages.view_editor import ViewEditor
from ui.watch.areas import MIDDLE, AreaKind

LENGTH_S = 12
LOOK_MS = 20_000
NOWHERE = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.2), (0.0, 0.2))


def places(window: Window) -> PlacesPage:
    window.open_page("places")
    page = window.pages["places"]
    assert isinstance(page, PlacesPage)
    return page


def choose_camera(page: PlacesPage) -> None:
    model = page.tree.model()
    page.tree.setCurrentIndex(model.index(0, 0, model.index(0, 0, model.index(0, 0))))


def open_editor(window: Window) -> ViewEditor:
    page = places(window)
    choose_camera(page)
    page.watch.click()
    assert page.editor is not None
    return page.editor


@pytest.fixture
def filmed(house: House) -> House:
    """Twelve seconds on the disk that end now; somebody crosses the picture from the fourth to the seventh."""
    house.recordings.mkdir()
    path = house.recordings / "segment.mp4"
    write_video(path, seconds=LENGTH_S, walks=((4.0, 7.0),))
    begun_at = house.clock() - timedelta(seconds=LENGTH_S)
    written = WrittenSegment("segment.mp4", begun_at, house.clock(), LENGTH_S * 10, path.stat().st_size, "0" * 64, EndReason.FULL)
    house.recorder.journal.segment_written(house.camera.id, written)
    return house


def answered(editor: ViewEditor) -> bool:
    """Whether the preview has answered for what stands on the screen."""
    editor.poll()
    return not editor.preview.waits


def at(editor: ViewEditor, x: float, y: float) -> QPoint:
    """A place of the picture on the canvas."""
    field = editor.canvas.field()
    return QPoint(round(field.left() + x * field.width()), round(field.top() + y * field.height()))


def near(found: tuple[float, float], wanted: tuple[float, float]) -> bool:
    return all(abs(one - other) < 0.01 for one, other in zip(found, wanted, strict=True))


def test_a_zone_is_drawn_with_the_mouse_and_saved_with_a_name(house: House) -> None:
    window = house.open(Role.SUPERVISOR)
    editor = open_editor(window)
    assert not editor.save.isEnabled()
    editor.panel.add_zone.click()
    drawn = [(0.2, 0.2), (0.8, 0.25), (0.7, 0.9)]
    for corner in [*drawn, drawn[0]]:
        QTest.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, pos=at(editor, *corner))
    assert editor.canvas.draws is None
    (zone,) = editor.view.zones
    assert len(zone.polygon) == 3 and all(near(found, wanted) for found, wanted in zip(zone.polygon, drawn, strict=True))
    QTest.mousePress(editor.canvas, Qt.MouseButton.LeftButton, pos=at(editor, *drawn[1]))
    QTest.mouseMove(editor.canvas, at(editor, 0.9, 0.5))
    QTest.mouseRelease(editor.canvas, Qt.MouseButton.LeftButton, pos=at(editor, 0.9, 0.5))
    assert near(editor.view.zones[0].polygon[1], (0.9, 0.5))
    QTest.mouseDClick(editor.canvas, Qt.MouseButton.LeftButton, pos=at(editor, 0.8, 0.7))
    assert len(editor.view.zones[0].polygon) == 4
    assert view_of(house.database, house.camera.id) == CameraView(), "nothing holds before it is saved"
    second_agrees(house, house.people[Role.ADMINISTRATOR])
    editor.save.click()
    (change,) = view_changes(house.database, house.camera.id)
    assert (change.person, change.at, change.view) == ("Agus", house.clock(), editor.view)
    assert not editor.save.isEnabled() and editor.who.text() == "As Agus set it on 22/11/2026 02:51."


def test_the_keyboard_alone_is_enough(house: House, qtbot: QtBot) -> None:
    window = house.open(Role.SUPERVISOR)
    qtbot.waitUntil(window.isActiveWindow)
    page = places(window)
    choose_camera(page)
    page.tree.setFocus()
    QTest.keyClick(page.tree, Qt.Key.Key_Return)
    editor = page.editor
    assert editor is not None
    visited = list(stops(editor.canvas))
    panel, preview = editor.panel, editor.preview
    assert {panel.add_zone, panel.add_mask, panel.sensitivity, editor.back} <= set(visited)
    assert all(widget.accessibleName() for widget in visited if widget is not preview.table)
    QTest.keyClick(panel.add_zone, Qt.Key.Key_Return)
    QTest.keyClick(editor.canvas, Qt.Key.Key_Return)
    assert editor.view.zones == (WatchZone(MIDDLE),)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_Right, Qt.Key.Key_Insert):
        QTest.keyClick(editor.canvas, key)
    QTest.keyClick(editor.canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert editor.view.zones[0].polygon == ((0.24, 0.24), (0.76, 0.25), (0.755, 0.55), (0.75, 0.75), (0.25, 0.75))
    assert editor.canvas.accessibleName().startswith("Zone 1, corner 3 of 5 at 76 %, 55 %.")
    QTest.keyClick(editor.canvas, Qt.Key.Key_Delete)
    assert len(editor.view.zones[0].polygon) == 4
    for field, typed in ((panel.far, "8"), (panel.near, "25")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, typed)
    QTest.keyClick(panel.sensitivity, Qt.Key.Key_PageUp)
    assert (editor.view.zones[0].least_far_pct, editor.view.zones[0].least_near_pct, editor.view.sensitivity) == (8, 25, 60)
    QTest.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert page.editor is editor, "what was changed is not lost by one key"
    second_agrees(house, house.people[Role.ADMINISTRATOR])
    QTest.keyClick(editor.save, Qt.Key.Key_Return)
    QTest.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert page.editor is None
    assert view_of(house.database, house.camera.id).sensitivity == 60


def stops(first: QWidget) -> Iterator[QWidget]:
    """Where Tab comes to from a widget on, once round."""
    widget = first
    while True:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.isVisible() and widget.focusProxy() is None:
            yield widget
        following = widget.nextInFocusChain()
        assert following is not None
        widget = following
        if widget is first:
            return


def test_a_drawing_is_given_up_and_an_area_deleted(house: House) -> None:
    set_view(
        house.database,
        house.camera.id,
        CameraView((WatchZone(MIDDLE),), (MIDDLE,), 20),
        by=house.people[Role.SUPERVISOR],
        now=house.clock(),
    )
    editor = open_editor(house.open(Role.SUPERVISOR))
    assert editor.panel.sensitivity.value() == 20
    editor.panel.add_mask.click()
    assert editor.canvas.draws is AreaKind.MASK
    QTest.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, pos=at(editor, 0.5, 0.5))
    QTest.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert editor.canvas.draws is None and not editor.changed
    assert [editor.panel.list.item(row).text() for row in range(2)] == ["Zone 1", "Mask 1"]
    editor.panel.list.setCurrentRow(1)
    assert not editor.panel.far.isEnabled(), "a mask has no sizes"
    QTest.keyClick(editor.panel.list, Qt.Key.Key_Delete)
    assert editor.view.masks == () and len(editor.view.zones) == 1
    assert editor.panel.far.isEnabled()


def test_what_is_no_area_is_refused_where_one_is(house: House) -> None:
    editor = open_editor(house.open(Role.SUPERVISOR))
    editor.panel.add_zone.click()
    for x in (0.2, 0.5, 0.8):
        QTest.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, pos=at(editor, x, 0.5))
    QTest.keyClick(editor.canvas, Qt.Key.Key_Return)
    second_agrees(house, house.people[Role.ADMINISTRATOR])
    editor.save.click()
    assert editor.error.text() == "The area is too small; move its corners apart."
    assert view_changes(house.database, house.camera.id) == []
    QTest.keyClick(editor.canvas, Qt.Key.Key_Down)
    assert editor.error.isHidden()


def test_the_preview_shows_what_would_have_been_flagged_and_follows_the_zones(filmed: House, qtbot: QtBot) -> None:
    editor = open_editor(filmed.open(Role.SUPERVISOR))
    qtbot.waitUntil(lambda: answered(editor), timeout=LOOK_MS)
    (seen,) = editor.preview.table.rows
    assert seen.kind is Kind.MOTION
    assert abs(seen.begun_at - (filmed.clock() - timedelta(seconds=8))) < timedelta(seconds=1)
    assert editor.canvas.has_picture
    plain = editor.canvas.grab().toImage()
    editor.preview.table.selectRow(0)
    still, boxes = editor.preview.picture
    assert still is not None and seen.begun_at <= still.at <= seen.ended_at + timedelta(seconds=1)
    assert len(boxes) == 1
    assert editor.canvas.grab().toImage() != plain
    editor.panel.add_zone.click()
    for corner in NOWHERE:
        QTest.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, pos=at(editor, *corner))
    QTest.keyClick(editor.canvas, Qt.Key.Key_Return)
    assert editor.preview.waits
    qtbot.waitUntil(lambda: answered(editor), timeout=LOOK_MS)
    assert editor.preview.table.rows == ()
    assert editor.preview.content.empty and editor.preview.content.sentence.text() == "Nothing would have been flagged here."
    editor.panel.delete.click()
    qtbot.waitUntil(lambda: answered(editor), timeout=LOOK_MS)
    assert len(editor.preview.table.rows) == 1


def test_a_slider_that_is_dragged_asks_once_and_choosing_asks_nothing(filmed: House, qtbot: QtBot) -> None:
    editor = open_editor(filmed.open(Role.SUPERVISOR))
    qtbot.waitUntil(lambda: answered(editor), timeout=LOOK_MS)
    before = editor.preview.asked
    for value in range(51, 80):
        editor.panel.sensitivity.setValue(value)
    qtbot.waitUntil(lambda: answered(editor), timeout=LOOK_MS)
    assert editor.preview.asked == before + 1
    editor.canvas.chosen.emit()
    assert not editor.preview.waits


def test_looking_is_cancelled_and_ends_with_the_page(filmed: House, qtbot: QtBot) -> None:
    window = filmed.open(Role.SUPERVISOR)
    editor = open_editor(window)
    qtbot.waitUntil(lambda: editor.preview.asked == 1, timeout=LOOK_MS)
    editor.preview.cancel.click()
    assert not editor.preview.waits and editor.preview.cancel.isHidden()
    assert editor.preview.said.text().startswith("Cancelled")
    editor.panel.sensitivity.setValue(70)
    assert editor.preview.waits
    window.open_page("live")
    assert places(window).editor is None


def test_around_an_event_is_a_stretch_too(filmed: House, qtbot: QtBot) -> None:
    filmed.recorder.somebody_moves(filmed.camera.id, filmed.clock() - timedelta(seconds=8))
    editor = open_editor(filmed.open(Role.SUPERVISOR))
    stretch = editor.preview.stretch
    assert [stretch.itemText(row) for row in range(stretch.count())] == ["the last two minutes recorded", "Movement, 22/11/2026 02:50"]
    stretch.setCurrentIndex(1)
    qtbot.waitUntil(lambda: answered(editor), timeout=LOOK_MS)
    assert len(editor.preview.table.rows) == 1


def test_without_a_recording_it_says_so_and_the_live_picture_is_drawn_on(house: House) -> None:
    window = house.open(Role.SUPERVISOR)
    editor = open_editor(window)
    assert editor.preview.content.empty and editor.preview.content.sentence.text().startswith("Nothing is recorded of this camera yet.")
    assert not editor.preview.waits and not editor.canvas.has_picture
    assert house.recorder.shown == {house.camera.id: (960, 540)}
    grey = np.full((90, 160, 4), 200, np.uint8)
    grey[..., 3] = 255
    house.recorder.pictures[house.camera.id] = Picture(1, house.clock(), grey)
    editor.poll()
    assert editor.canvas.grab().toImage().pixelColor(editor.canvas.rect().center()).red() == 200
    editor.back.click()
    assert house.recorder.shown == {}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_a_supervisor_opens_it(house: House, role: Role) -> None:
    page = places(house.open(role))
    choose_camera(page)
    assert not page.watch.isVisible()
    page.tree.itemActivated.emit(page.tree.currentItem(), 0)
    assert page.editor is None
