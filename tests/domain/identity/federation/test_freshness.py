"""Whether somebody signed in anew, by what the identity provider says of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.identity.federation import make_attempt
from backhaul.domain.identity.federation.errors import SignInNotFresh
from backhaul.domain.identity.federation.freshness import proved_at

ASKED = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECONDS = (
    st.floats(allow_nan=True, allow_infinity=True)
    | st.integers()
    | st.integers(-1200, 1200).map(lambda behind: int(ASKED.timestamp()) + behind)
)
BACK = st.timedeltas(timedelta(0), timedelta(minutes=10)).map(lambda taken: ASKED + taken)


@given(SECONDS, BACK)
def test_only_what_lies_between_question_and_answer_is_taken_but_for_three_minutes(auth_time, now):
    attempt = make_attempt("/", fresh_after=ASKED)
    earliest, latest = ASKED.timestamp() - 180, now.timestamp() + 180
    if earliest <= auth_time <= latest:
        found = proved_at(attempt, auth_time, now=now)
        assert found == min(datetime.fromtimestamp(auth_time, UTC), now)
    else:
        with pytest.raises(SignInNotFresh):
            proved_at(attempt, auth_time, now=now)


@given(
    st.none()
    | st.booleans()
    | st.text()
    | st.lists(st.integers())
    | st.dictionaries(st.text(), st.integers())
)
def test_what_is_no_number_of_seconds_is_refused(auth_time):
    with pytest.raises(SignInNotFresh):
        proved_at(make_attempt("/", fresh_after=ASKED), auth_time, now=ASKED)


@given(st.none() | st.text() | SECONDS)
def test_nothing_is_taken_from_who_was_not_to_sign_in_anew(auth_time):
    assert proved_at(make_attempt("/"), auth_time, now=ASKED) is None
