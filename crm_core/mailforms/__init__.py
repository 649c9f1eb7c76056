"""Templates of forms that come by mail: what a site sends becomes an application."""
