"""Demo data of the persons: invented names, records that add up to the fiche."""
