"""Reports in the chat: chosen by buttons, shown as a picture with its table, opened, exported."""
