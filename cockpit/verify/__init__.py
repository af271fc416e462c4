"""VERIFY: verification on the merged tree, the fourteen checks, the verdict."""

from cockpit.verify.acceptance import Tried, try_on
from cockpit.verify.command import Cut, cut
from cockpit.verify.fourteen import review
from cockpit.verify.verdict import NAMES, findings, recommend, summary

__all__ = ["NAMES", "Cut", "Tried", "cut", "findings", "recommend", "review", "summary", "try_on"]
