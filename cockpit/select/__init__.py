"""SELECT: the next head, the fences, the steps of one pass. Pure."""
