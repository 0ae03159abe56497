import pytest

from portal.core.errors import Forbidden
from portal.core.permissions import SYSTEM, VISITOR, Actor, Audience, Role, admits, allows, audience, require, rule

MEMBER = Actor(account_id=1, name="Member", partner_ids=frozenset({7}))
LONER = Actor(account_id=2, name="Without a partner")
EDITOR = Actor(account_id=3, name="Editor", roles=frozenset({Role.EDITOR}))


@rule("test-thing.see")
def may_see(actor: Actor, thing: int) -> bool:
    return actor.is_staff or thing in actor.partner_ids


def test_a_rule_answers_for_actor_and_subject():
    assert allows(MEMBER, "test-thing.see", 7)
    assert not allows(MEMBER, "test-thing.see", 8)
    assert allows(EDITOR, "test-thing.see", 8)
    assert not allows(VISITOR, "test-thing.see", 7)


def test_a_rule_stays_callable_by_its_name():
    assert may_see(MEMBER, 7)


def test_a_rule_is_not_written_twice():
    with pytest.raises(ValueError, match=r"'test-thing\.see' is written twice"):
        rule("test-thing.see")(lambda *_: True)
    assert not allows(VISITOR, "test-thing.see", 7)


def test_an_action_that_nobody_declared_is_an_error_not_a_yes():
    with pytest.raises(KeyError):
        allows(SYSTEM, "test-thing.unheard-of", 7)
    with pytest.raises(KeyError):
        require(SYSTEM, "test-thing.unheard-of", 7)


def test_what_is_required_passes_or_is_forbidden():
    require(MEMBER, "test-thing.see", 7)
    with pytest.raises(Forbidden) as refused:
        require(VISITOR, "test-thing.see", 7)
    assert refused.value.action == "test-thing.see"


def test_every_role_is_staff_and_no_role_is_not():
    assert all(Actor(roles=frozenset({role})).is_staff for role in Role)
    assert SYSTEM.is_staff
    assert not any(actor.is_staff for actor in (VISITOR, LONER, MEMBER))


def test_having_a_role_means_having_one_of_those_asked_for():
    assert EDITOR.has(Role.EDITOR, Role.CURATOR)
    assert not EDITOR.has(Role.CURATOR, Role.ADMINISTRATOR)
    assert not VISITOR.has(*Role)


@pytest.mark.parametrize(
    ("who", "welcome"),
    [
        (Audience.EVERYONE, {"visitor", "loner", "member", "editor", "system"}),
        (Audience.MEMBERS, {"member", "editor", "system"}),
        (Audience.STAFF, {"editor", "system"}),
    ],
)
def test_the_front_door_opens_for_whom_the_page_is(who, welcome):
    actors = {"visitor": VISITOR, "loner": LONER, "member": MEMBER, "editor": EDITOR, "system": SYSTEM}
    assert {name for name, actor in actors.items() if admits(who, actor)} == welcome


def test_a_view_declares_its_audience_and_stays_itself():
    def view() -> str:
        return "page"

    assert audience("members")(view) is view
    assert view.audience is Audience.MEMBERS
    with pytest.raises(ValueError):
        audience("friends")
