"""The way in and out: signing in by password, second factor or identity provider, signing out, changing places."""
