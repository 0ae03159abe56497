"""`python -m bench`, which is what `make bench` calls."""

from bench.run import main

main()
