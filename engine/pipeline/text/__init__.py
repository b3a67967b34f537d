"""What items say of themselves, as vectors of a sentence model that ships in a package."""
