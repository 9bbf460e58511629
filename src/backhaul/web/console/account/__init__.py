"""One's own account: name, password, zone and looks, second factor, and where one is signed in."""
