"""Virtual time: the loop, the network, the draws, and how a run is built and brought to rest."""
