"""The offline demo: a small real project, five items, the rehearsal agent. Nothing leaves its temporary folder."""

from cockpit.demo.play import run

__all__ = ["run"]
