"""A value as HTML. Pages show values many times over, which macros of templates would take most of their time for."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from wir2graph.pages.model import Value


class Shown:
    """Shows values on a page in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def tag(self, value: Value) -> Markup:
        """Return the tag of a text that is not in the language of the page, with a space before it; else nothing."""
        if not value.lang:
            return Markup()
        return Markup(f' <span class="tag" lang="{self._language}">({escape(value.lang)})</span>')

    def named(self, value: Value) -> Markup:
        """Return what a thing is called: its code before the name, which is marked where it is in another language."""
        text = escape(value.text)
        if value.lang and (value.code or not value.href):
            text = Markup(f'<span lang="{escape(value.lang)}">{text}</span>')
        if value.code and not value.text.startswith(value.code):
            text = Markup(f'<span class="code">{escape(value.code)}</span> {text}')
        return text

    def show(self, value: Value) -> Markup:
        """Return a value: a link where there is a page, the tag of a foreign language behind it."""
        name = self.named(value)
        if value.href:
            external = ' rel="external"' if value.external else ""
            lang = f' lang="{escape(value.lang)}"' if value.lang and not value.code else ""
            name = Markup(f'<a class="link" href="{escape(value.href)}"{external}{lang}>{name}</a>')
        return name + self.tag(value)

    def every(self, values: Sequence[Value]) -> Markup:
        """Return values beside which nobody says anything: one, or several as a list."""
        if len(values) == 1:
            return self.show(values[0])
        items = Markup().join(Markup(f"<li>{self.show(value)}</li>") for value in values)
        return Markup(f'<ul class="values">{items}</ul>') if values else items
