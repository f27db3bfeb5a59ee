"""What every page shares: the proof of who asks, the frame that it is shown in, and the answers it may give."""
