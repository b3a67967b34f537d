"""Files in whatever form people have them, brought into the data contract without a wrong word.

Reading and every step over rows is DuckDB's; Python sees samples, counts and examples.
"""
