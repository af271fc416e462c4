"""VERIFY: verification on the merged tree, the fourteen checks, the verdict."""
