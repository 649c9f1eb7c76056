"""What speaks HTTP: REST API, webhooks, the website widget, files, health and metrics."""
