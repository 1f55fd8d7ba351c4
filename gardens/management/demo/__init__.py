"""Demo data of the gardens: places and lenders of the fiche, invented growers."""
