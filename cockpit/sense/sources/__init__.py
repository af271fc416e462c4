"""Sources: what happened elsewhere, as events. Pure; the engine looks, these say it in words."""
