"""The whole program over real HTTP, without a browser."""
