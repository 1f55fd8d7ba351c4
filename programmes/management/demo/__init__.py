"""Demo data of the frame: the fiche's partners and sites, an invented team."""
