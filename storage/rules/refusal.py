"""How this program says no to something that a person may put right."""


class Refusal(Exception):
    """A request that was understood and refused; nothing was changed.

    template: one English sentence in the manner of str.format, also the key of its translation.
    values: what fills the template.
    """

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template, values)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)
