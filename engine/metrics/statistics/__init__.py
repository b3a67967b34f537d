"""How sure a figure is: one policy, one kind of verdict, the tests and intervals behind them."""
