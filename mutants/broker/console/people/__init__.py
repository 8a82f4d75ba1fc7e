"""Who may come in to the console, and as what. An officer's login name is a slug: it is said on the wire."""
