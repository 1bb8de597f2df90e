"""A believable desk: people, keys and about ninety days of work, acted through a session like anybody's."""
