"""Five hundred sales through everything that can go wrong; see test_storm."""
