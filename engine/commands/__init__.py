"""The command line: one module per subcommand.

A command module has ``NAME``, ``HELP``, ``add_arguments(parser)`` and ``run(arguments) -> int``.
Modules import what is heavy inside ``run``: ``--help`` and a start on fitted data are quick.
"""
