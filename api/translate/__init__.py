"""Between JSON and the domain: the only place that knows both."""
