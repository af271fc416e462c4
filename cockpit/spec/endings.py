"""By which ending a word is the name of a file. Pure data."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """A set of words, from one line."""
    return frozenset(text.split())


SOURCE = words(
    "py pyi pyx js jsx ts tsx mjs cjs mts cts go rs rb java kt kts swift c h cc cpp cxx hpp hh cs php scala sh "
    "bash zsh fish ps1 sql css scss sass less vue svelte astro proto graphql tf lua ex exs erl hs clj cljs dart "
    "zig nix tcss el vim gradle cmake mk ipynb j2 tmpl hbs ejs m4 r jl pl pm"
)
"""Endings of what is written by hand: a file of that name is meant to be in the tree."""
DATA = words(
    "md mdx rst txt adoc toml yaml yml json json5 jsonc ini cfg conf xml xsd csv tsv html htm svg png jpg jpeg "
    "gif ico pdf lock sum mod ndjson jsonl log sqlite db pem crt service plist properties env out snap patch diff "
    "wasm po"
)
"""Endings of what programs write too: that it is missing says little."""
ALONE = DATA - words("log env out mod sum db patch diff po snap")
"""Those that make a path of a word without a folder: `console.log` and `process.env` are none."""
