"""Dialogs with clients: messages in and out, states, hand-over, quick replies."""
