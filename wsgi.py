"""The application object that `flask …` and every WSGI server find."""

from portal import create_app

app = create_app()
