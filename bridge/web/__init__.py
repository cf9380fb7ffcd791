"""The bridge's face to browsers: the only place that knows Flask."""
