"""What readers call the words of feeds and their entries."""

from flask_babel import lazy_gettext as _l

from portal.core.labels import enter, name_actions
from portal.feeds.models import EntryState, FeedState, Passed, RuleField, RuleKind, Standing, Trouble

enter(
    FeedState,
    {
        FeedState.SUGGESTED: _l("Suggested"),
        FeedState.TESTED: _l("Tested"),
        FeedState.ACTIVE: _l("Running"),
        FeedState.FAILING: _l("Failing"),
        FeedState.SUSPENDED: _l("Paused"),
        FeedState.RETIRED: _l("Retired"),
    },
)
enter(
    Standing,
    {
        Standing.ADDED: _l("Added here"),
        Standing.IN_USE: _l("In use elsewhere in October 2026, not asked by us yet"),
        Standing.UNVERIFIED: _l("Address not verified"),
        Standing.NO_FEED: _l("A page of news without a feed"),
    },
)
enter(
    Trouble,
    {
        Trouble.BLOCKED: _l("The address leads to where we must not ask."),
        Trouble.BAD_REDIRECT: _l("The server sends us on in a circle, or to somewhere unsafe."),
        Trouble.UNREACHABLE: _l("Nobody answers at the address, or not with a certificate we can trust."),
        Trouble.TIMED_OUT: _l("The answer was not complete in time."),
        Trouble.TOO_LARGE: _l("The answer is too large."),
        Trouble.BAD_ENCODING: _l("The answer is packed in a way we do not read."),
        Trouble.BAD_ANSWER: _l("The answer broke off or is no answer of a web server."),
        Trouble.REFUSED: _l("The server refuses or has an error of its own."),
        Trouble.GONE: _l("The server says that the feed has been taken down."),
        Trouble.NOT_A_FEED: _l("There is a page, but no feed."),
        Trouble.BROKEN: _l("The feed is so broken that nothing in it can be read."),
        Trouble.DANGEROUS: _l("The feed declares entities of its own, which we do not read."),
        Trouble.TOO_COSTLY: _l("Reading the feed takes more time or memory than a feed may cost."),
    },
)
enter(
    EntryState,
    {
        EntryState.WAITING: _l("Waiting"),
        EntryState.TAKEN: _l("Taken"),
        EntryState.PASSED_OVER: _l("Passed over"),
    },
)
enter(
    Passed,
    {
        Passed.EDITOR: _l("by an editor"),
        Passed.RULE: _l("by a rule of its feed"),
        Passed.SAME_STORY: _l("its story is told already"),
        Passed.OURS: _l("we have written about it ourselves"),
        Passed.OLD: _l("it was old news when the feed came in"),
    },
)
enter(RuleKind, {RuleKind.KEEP: _l("Keep only"), RuleKind.BLOCK: _l("Block")})
enter(
    RuleField,
    {
        RuleField.ANYWHERE: _l("anywhere"),
        RuleField.TITLE: _l("in the title"),
        RuleField.AUTHOR: _l("in the author’s name"),
        RuleField.CATEGORY: _l("in a category"),
        RuleField.ADDRESS: _l("in the address"),
    },
)
name_actions(
    {
        "feed.suggested": _l("Feed suggested"),
        "feed.imported": _l("Feed taken in from files"),
        "feed.imported_again": _l("Feed taken in from files again"),
        "feed.changed": _l("Feed changed"),
        "feed.test_ordered": _l("Test of a feed asked for"),
        "feed.tested": _l("Feed tested"),
        "feed.approved": _l("Feed approved"),
        "feed.suspended": _l("Feed paused"),
        "feed.resumed": _l("Feed goes on"),
        "feed.retired": _l("Feed retired"),
        "feed.reopened": _l("Retired feed suggested again"),
        "feed.fetch_ordered": _l("Feed to be fetched at once"),
        "feed.failing": _l("Feed began to fail"),
        "feed.recovered": _l("Feed works again"),
        "feed.moved": _l("Feed followed to its new address"),
        "feed.rule_written": _l("Rule of a feed written"),
        "feed.rule_removed": _l("Rule of a feed removed"),
        "entry.taken": _l("Entry of a feed taken"),
        "entry.passed_over": _l("Entry of a feed passed over"),
        "entry.put_back": _l("Entry of a feed put back"),
    }
)
