"""`python -m desk serve` runs the desk; any other word is Django's: migrate, seed_demo, create_owner …"""

from __future__ import annotations

import os
import sys

from bot.errors import XiaoerError


def main(args: list[str]) -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
    try:
        if args[:1] == ["serve"]:
            serve()
            return
        from django.core.management import execute_from_command_line

        execute_from_command_line(["desk", *args])
    except XiaoerError as e:
        sys.stderr.write(f"{e}\n")
        sys.exit(2)


def serve() -> None:
    """Serve until told to stop. One process a call; start several behind a balancer for more (with Redis)."""
    import uvicorn

    from bot.settings import load

    settings = load()
    uvicorn.run(
        "desk.asgi:application",
        host=settings.desk_host,
        port=settings.desk_port,
        ws="wsproto",  # uvicorn's default does not import beside websockets 10, which rasa pins
        ws_max_size=64 * 1024,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=75,  # longer than clients and proxies keep one: none closes just when reused
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
