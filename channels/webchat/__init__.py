"""The website widget: visitors write from any page, answers come back as a live stream."""
