"""What every page shares: the proof of its visitor, the frame around it, and the answers it may give."""
