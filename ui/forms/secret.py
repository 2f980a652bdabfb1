"""Fields for secrets: what is typed is never shown, and is forgotten as soon as it has been tried."""

from PySide6.QtWidgets import QLineEdit

from storage.people.sign_in import LEAST, MOST
from ui.forms.form import Form, WrongInput
from ui.words.speech import _


class SecretEdit(QLineEdit):
    """Shows dots."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(MOST)
        self.setAccessibleName(name)

    def take(self) -> str:
        """What was typed; the field is empty afterwards. Raises WrongInput while it is."""
        typed = self.text()
        if not typed:
            raise WrongInput(self, _("Enter the secret."))
        self.clear()
        return typed


class NewSecret:
    """A new secret, typed twice."""

    def __init__(self, form: Form, name: str) -> None:
        self.once, self.again = SecretEdit(name), SecretEdit(_("The same again"))
        self.once.setPlaceholderText(_("{least} characters or more").format(least=LEAST))
        form.add_side_by_side((name, self.once), (_("The same again"), self.again))

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.once.text() and not self.again.text()

    def checked(self) -> str:
        """What was typed both times; it stays in the fields. Raises WrongInput where they differ or are empty."""
        if not self.once.text():
            raise WrongInput(self.once, _("Enter the secret."))
        if self.once.text() != self.again.text():
            self.again.clear()
            raise WrongInput(self.again, _("The second time something else was typed. Type the same secret twice."))
        return self.once.text()

    def clear(self) -> None:
        """Forgets it."""
        self.once.clear()
        self.again.clear()
