"""The screens: main, review, timeline, help, palette, editor, and what they have in common."""
