"""Files of people: a row's key is their e-mail address."""
