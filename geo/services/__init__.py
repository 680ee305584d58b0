"""What a user can do, one function each: open the store, call the pure code, give the answer."""
