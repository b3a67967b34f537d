"""A second ranking stage: models that see the whole list of a person, not each candidate alone."""
