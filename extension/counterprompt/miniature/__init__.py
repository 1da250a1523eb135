"""The miniature: a tiny real diffusion world with known defects, for the first run, the tests and the benchmarks."""
