from tests.sense.extract.lines import told


def states(text: str) -> list[tuple[str, str]]:
    return [(event.key, event.state) for event in told(text)]


def test_a_conflict_waits_for_the_merge():
    text = """
Auto-merging src/cart.py
CONFLICT (content): Merge conflict in src/cart.py
Automatic merge failed; fix conflicts and then commit the result.
Merge made by the 'ort' strategy.
"""
    assert states(text) == [("git:conflict src/cart.py", "open"), ("git:conflict src/cart.py", "closed")]


def test_a_refused_push_waits_for_one_that_goes_through():
    text = """
To git.example:shop.git
 ! [rejected]        main -> main (non-fast-forward)
error: failed to push some refs to 'git.example:shop.git'
hint: Updates were rejected because the tip of your current branch is behind
   5f1c2aa..9ab3c01  main -> main
"""
    assert states(text) == [("git:rejected main", "open"), ("git:rejected main", "closed")]


def test_a_lock_and_other_words_of_git():
    text = """
fatal: Unable to create '/w/shop/.git/index.lock': File exists.
Another git process seems to be running in this repository
fatal: not a git repository (or any of the parent directories): .git
error: Your local changes to the following files would be overwritten by merge:
error: pathspec 'nope' did not match any file(s) known to git
"""
    assert [key for key, _ in states(text)] == [
        "git:lock index.lock",
        "git not a git repository (or any of the parent directories): .git",
        "git Your local changes to the following files would be overwritten by merge:",
        "git nope",
    ]


def test_pushes_that_nothing_was_refused_before_say_nothing():
    assert states("   5f1c2aa..9ab3c01  main -> main") == []
