"""What judging a cart costs the checkout's function, in instructions of WebAssembly."""
