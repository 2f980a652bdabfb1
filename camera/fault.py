"""What went wrong with a camera, an address or a file, as a sentence for the person in front of it."""


class Fault(Exception):
    """template: one English sentence in the manner of str.format, also the key of its translation; values: what fills it."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template, values)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)
