"""What the service is compared with: ours to write, and each written as somebody who wants it fast would."""
