"""Owns a second engine for projects: MkDocs's formats and bytes without its process. Refuses whatever it
does not know for certain; MkDocs takes over then."""
