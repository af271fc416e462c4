"""Our hooks in the settings of agents: put beside what is there, taken out exactly."""

from cockpit.hooks.agents import AGENTS, END, STOPS, Hooked
from cockpit.hooks.files import Change, apply, plan, read
from cockpit.hooks.section import has_section, with_section, without_section
from cockpit.hooks.settings import install, installed, remove

__all__ = [
    "AGENTS",
    "END",
    "STOPS",
    "Change",
    "Hooked",
    "apply",
    "has_section",
    "install",
    "installed",
    "plan",
    "read",
    "remove",
    "with_section",
    "without_section",
]
