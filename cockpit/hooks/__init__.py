"""Our hooks in the settings of agents: put beside what is there, taken out exactly."""

from cockpit.hooks.agents import AGENTS, END, Hooked
from cockpit.hooks.files import Change, apply, plan, read
from cockpit.hooks.settings import install, installed, remove

__all__ = ["AGENTS", "END", "Change", "Hooked", "apply", "install", "installed", "plan", "read", "remove"]
