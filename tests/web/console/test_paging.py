"""A page of a list, and the ways to the first page and to older rows."""

from backhaul.web.console.paging import PAGE, paged


def _paged(count, **given):
    return paged("/list", list(range(100, 100 - count, -1)), key=lambda one: one, **given)


def test_a_page_that_is_not_full_has_no_older_ones():
    assert _paged(2, before=None, size=2) == {"found": [100, 99], "first": None, "older": None}


def test_one_row_more_leads_to_older_ones_after_the_last_that_is_shown():
    assert _paged(3, before=None, size=2) == {"found": [100, 99], "first": None, "older": "/list?before=99"}


def test_an_older_page_leads_back_to_the_first_and_both_ways_keep_the_filters():
    assert _paged(3, before=101, size=2, status="held", kind=None) == {
        "found": [100, 99],
        "first": "/list?status=held",
        "older": "/list?status=held&before=99",
    }


def test_a_page_has_fifty_rows_unless_a_list_says_otherwise():
    assert PAGE == 50
    assert [len(_paged(count, before=None)["found"]) for count in (49, 50, 51)] == [49, 50, 50]


def test_an_empty_list_leads_nowhere():
    assert _paged(0, before=None) == {"found": [], "first": None, "older": None}
