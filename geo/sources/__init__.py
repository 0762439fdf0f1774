"""One module for each vocabulary that incidents arrive in; every parser is a pure stream."""
