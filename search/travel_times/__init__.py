"""How long vehicles take from one camera to another, by hour of the week, learnt from sightings."""
