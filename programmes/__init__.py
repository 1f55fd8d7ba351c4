"""The frame of the programmes: territories, partners, editions, sites; no person in it."""
