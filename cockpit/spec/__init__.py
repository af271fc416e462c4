"""The living document: parse to spans, items and sections, pure edits, three-way merge. No I/O."""
