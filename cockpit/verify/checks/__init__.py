"""The checks that need no command: each a module, pure on what the case gives, none knowing another."""
