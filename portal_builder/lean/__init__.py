"""Owns a second, lean engine for staged projects: MkDocs's formats and bytes without its process. It refuses whatever it
does not know for certain, and MkDocs takes over."""
