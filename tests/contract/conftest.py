"""A server for the clients of the API."""

from tests import live_server

database, server = live_server.database, live_server.server
