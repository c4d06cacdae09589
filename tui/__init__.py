"""The terminal UI of Newsdesk: it shows what the core yields and decides nothing itself."""
