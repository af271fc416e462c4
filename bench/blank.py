"""The floor of every measure on the screen: a Textual app with one list and nothing else."""

from textual.app import App, ComposeResult
from textual.widgets import OptionList


class Blank(App[None]):
    """Forty rows; j and k as in ours."""

    BINDINGS = [("j", "down"), ("k", "up")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        """One stock list."""
        yield OptionList(*[f"READY row {number}" for number in range(40)])

    def action_down(self) -> None:
        """Next row."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Row before."""
        self.query_one(OptionList).action_cursor_up()


if __name__ == "__main__":
    Blank().run()
