"""What of Bling's API is used, one file per resource: strict in what is sent, tolerant in what is read."""
