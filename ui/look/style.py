"""The one style sheet of the window, filled from the tokens of a theme."""

from string import Template

from ui.look.theme import ROW_HEIGHT, TARGET, TITLE_PT, Tokens

_CONTROLS = """
QWidget { color: $text; }
QMainWindow, QDialog { background: $ground; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }
#title { font-size: ${title_pt}pt; font-weight: 600; }
#heading { font-weight: 600; }
#muted { color: $muted; }
#card { background: $panel; border: 1px solid $line; border-radius: 6px; }
#bar { background: $panel; border-bottom: 1px solid $line; }
#rail { background: $panel; border-right: 1px solid $line; }
#clock { font-size: 12pt; font-weight: 600; }
#alarms { font-size: ${title_pt}pt; color: $text; padding: 0 24px; }
#banner { background: $alarm; border-radius: 6px; }
#banner QLabel { color: $alarm_text; font-weight: 600; }
#banner QPushButton { background: transparent; color: $alarm_text; border: 2px solid $alarm_text; }
#error { background: $alarm; color: $alarm_text; border-radius: 4px; padding: 6px 10px; }
#warning { background: $warning; color: $warning_text; border-radius: 4px; padding: 6px 10px; }
#success { background: $panel; color: $text; border: 1px solid $good; border-left: 6px solid $good; border-radius: 4px; padding: 5px 10px; }

QPushButton { background: $raised; border: 1px solid $edge; border-radius: 4px; padding: 0 14px; min-height: ${target_inner}px; }
QPushButton:hover { border-color: $text; }
QPushButton:pressed { background: $line; }
QPushButton:disabled { color: $muted; border-color: $line; background: $panel; }
QPushButton:focus { border: 2px solid $focus; padding: 0 13px; }
QPushButton:checked { background: $chosen; color: $chosen_text; border-color: $focus; }
QPushButton#primary { background: $text; color: $ground; border-color: $text; font-weight: 600; }
QPushButton#primary:hover { background: $muted; border-color: $muted; }
QPushButton#primary:focus { background: $focus; color: $on_focus; border: 2px solid $text; }
QPushButton#primary:disabled { background: $panel; color: $muted; border-color: $line; }
QPushButton#flat { background: transparent; border-color: transparent; }
QPushButton#flat:hover { background: $raised; }
QPushButton#flat:focus { border: 2px solid $focus; }
QPushButton#flat:checked { background: $chosen; color: $chosen_text; }

QLineEdit, QComboBox, QTimeEdit, QDateTimeEdit { background: $field; border: 1px solid $edge; border-radius: 4px; padding: 0 8px;
    min-height: ${target_inner}px; selection-background-color: $focus; selection-color: $on_focus; }
QLineEdit:focus, QComboBox:focus, QTimeEdit:focus, QDateTimeEdit:focus { border: 2px solid $focus; padding: 0 7px; }
QLineEdit:disabled, QComboBox:disabled, QTimeEdit:disabled, QDateTimeEdit:disabled {
    color: $muted; border-color: $line; background: $panel; }
QLineEdit[wrong="true"], QComboBox[wrong="true"], QDateTimeEdit[wrong="true"] { border: 2px solid $alarm; padding: 0 7px; }
QSpinBox { background: $field; border: 1px solid $edge; border-radius: 4px; selection-background-color: $focus;
    selection-color: $on_focus; }
QSpinBox:focus { border: 2px solid $focus; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; border: none; }
QSpinBox:disabled { color: $muted; border-color: $line; background: $panel; }
QSlider { border: 2px solid transparent; border-radius: 4px; }
QSlider:focus { border-color: $focus; }
QSlider::groove:horizontal { height: 4px; background: $edge; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $text; border-radius: 2px; }
QSlider::handle:horizontal { background: $text; width: 16px; margin: -6px 0; border-radius: 8px; }
QProgressBar { background: $raised; border: 1px solid $edge; border-radius: 4px; }
QProgressBar::chunk { background: $focus; border-radius: 3px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { border: none; padding: 0; min-height: 0; background: transparent; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $edge; padding: 4px; outline: 0;
    selection-background-color: $chosen; selection-color: $chosen_text; }
QComboBox QAbstractItemView::item { min-height: ${row}px; padding: 0 6px; }
QComboBox QAbstractItemView::item:selected { background: $chosen; color: $chosen_text; }
#bar QComboBox { background: transparent; border-color: transparent; }
#bar QComboBox:hover { border-color: $edge; }
#bar QComboBox:focus { border-color: $focus; }
QTimeEdit::up-button, QTimeEdit::down-button, QDateTimeEdit::up-button, QDateTimeEdit::down-button { width: 0; border: none; }
QPushButton::menu-indicator { image: none; width: 0; }
QMenu { background: $panel; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; min-height: 20px; }
QMenu::item:selected { background: $chosen; color: $chosen_text; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QCheckBox { spacing: 8px; min-height: 24px; }
QCheckBox:focus { color: $focus; }
"""

_VIEWS = """
QAbstractItemView { background: $panel; border: none; outline: 0; selection-background-color: $chosen; selection-color: $chosen_text; }
QTableView { gridline-color: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableView::item { padding: 0 6px; border: none; border-bottom: 1px solid $line; }
QTableView::item:selected, QTreeView::item:selected { background: $chosen; color: $chosen_text; }
QListWidget { border: 1px solid $line; border-radius: 4px; }
QListWidget::item { height: ${row}px; padding: 0 6px; }
QListWidget::item:selected { background: $chosen; color: $chosen_text; }
QTreeView::item { height: ${row}px; padding: 0 4px; }
QTreeView::item:hover:!selected, QListView::item:hover:!selected { background: $raised; }
QTreeView::branch { background: transparent; }
QTableView[dense="true"]::item { padding: 0 3px; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $muted; border: none; border-bottom: 1px solid $edge; padding: 0 9px; height: ${row}px; }
QTableView[dense="true"] QHeaderView::section { padding: 0 6px; }
QTableView:focus, QTreeView:focus, QListView:focus { border: 1px solid $focus; }
QScrollArea { background: transparent; border: none; }
#scrolled, QScrollArea > #qt_scrollarea_viewport { background: transparent; }
QScrollBar { background: transparent; }
QScrollBar:vertical { width: 12px; margin: 0; }
QScrollBar:horizontal { height: 12px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 4px; margin: 2px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QTabWidget::pane { border: none; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: 0 16px; min-height: ${target}px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $focus; }
QTabBar::tab:focus { color: $focus; }
"""


def style_sheet(tokens: Tokens) -> str:
    """The style sheet of a theme."""
    return Template(_CONTROLS + _VIEWS).substitute(
        ground=tokens.ground,
        panel=tokens.panel,
        raised=tokens.raised,
        field=tokens.ground if tokens.dark else tokens.panel,
        line=tokens.line,
        edge=tokens.edge,
        text=tokens.text,
        muted=tokens.muted,
        focus=tokens.focus,
        on_focus=tokens.ground if tokens.dark else tokens.panel,
        chosen=tokens.chosen.fill,
        chosen_text=tokens.chosen.text,
        alarm=tokens.alarm.fill,
        alarm_text=tokens.alarm.text,
        warning=tokens.warning.fill,
        warning_text=tokens.warning.text,
        good=tokens.good.fill,
        row=ROW_HEIGHT,
        target=TARGET,
        target_inner=TARGET - 2,
        title_pt=TITLE_PT,
    )
