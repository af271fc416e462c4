"""Palettes as TOML, the stylesheet, and their loader."""
