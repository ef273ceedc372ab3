"""The staff's own web pages.

To add a page: write a module with ``ROUTES``, a tuple of :func:`bot.staff.shell.guarded` routes, add the module to ``PAGES`` in
:mod:`bot.staff.app`, and, if it has a place in the menu, an item to :data:`bot.staff.navigation.NAVIGATION`. Its template goes to
``templates/`` and extends ``base.html``. See :mod:`bot.staff.shell` for what an endpoint is given.
"""
