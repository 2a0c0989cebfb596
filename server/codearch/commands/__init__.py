"""What any client can ask for beyond the protocol's own requests: one file a command."""
