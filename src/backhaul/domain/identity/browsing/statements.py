"""What is written outside any tenant's scope: when browsers were seen, and how people like their pages."""

NOTE_VISITS = "SELECT note_browser_visits(ids => $1, ats => $2)"
PREFER = "SELECT prefer(wanted_user_id => $1, new_theme => $2, new_time_zone => $3)"
