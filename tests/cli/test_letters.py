"""backhaul letter …"""

import pytest
from typer.testing import CliRunner

from backhaul.cli.letters import app
from backhaul.domain import notify
from backhaul.kernel.errors import InvalidInput


def letter(*arguments):
    """What a command that needs no database prints; a process for each would take seconds."""
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_letters_are_listed_and_looked_at_without_a_database():
    assert "recovery/reminder\temail, text\tde, en" in letter("list").splitlines()
    mail = letter("preview", "recovery/reminder", "--with", "level=3", "--with", "person_name=Kim")
    assert mail.startswith("Subject: Last reminder: please send back your 2 items today\n\nHello Kim,\n")
    assert letter("preview", "recovery/reminder", "--html").startswith("<!DOCTYPE html>")
    assert letter("preview", "recovery/silent", "--locale", "de", "--channel", "text") == (
        "Maas Biolabs: FedEx hat Ihr Paket seit 3 Tagen nicht gesehen. Noch bei Ihnen? Bitte abgeben. Schon abgegeben? "
        "Beleg aufheben und melden. Ihre Seite: https://backhaul.example/return/an-example-of-a-link\n"
    )


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("recovery/nothing",), notify.LetterUnknown),
        (("transfers/placed", "--channel", "text"), notify.ChannelMissing),
        (("recovery/reminder", "--with", "levle=3"), InvalidInput),
        (("recovery/reminder", "--with", "level=high"), InvalidInput),
    ],
)
def test_what_cannot_be_shown_is_refused(arguments, refusal):
    with pytest.raises(refusal):
        letter("preview", *arguments)


def test_a_test_is_sent_by_whoever_works(installation):
    installation.run("org", "create", "Hooli", "--plan", "enterprise")
    test = ("letter", "send-test", "recovery/invited", "--org", "hooli", "--locale", "de")
    said = installation.run(*test, "--to", "kim@example.com").stdout
    assert said.startswith("recovery/invited to kim@example.com is message ")
    installation.run(*test, "--to", "+14155550198", "--channel", "text")
    refused = installation.run(*test, "--to", "4155550198", "--channel", "text", check=False)
    assert (refused.returncode, refused.stderr.split(":")[0]) == (1, "Refused (notify.phone_refused)")
