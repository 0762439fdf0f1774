"""One client for each source that is asked over the network, all through its one door."""
