"""The server that the attacks are aimed at."""

import urllib.request

from testing.servers import Server


def test_shop_is_served(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/ping/", timeout=5) as response:
        assert response.status == 200
