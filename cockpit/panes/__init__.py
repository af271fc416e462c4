"""The four panes and the lines around them: what each shows, made from one `View` by pure functions."""
