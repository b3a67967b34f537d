"""The dashboard's shared parts: pages are built from these and from nothing else."""
