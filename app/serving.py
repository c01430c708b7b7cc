"""Runs the app under uvicorn, as `make run` and the Procfile do."""

import logging
import socket
import sys

from app.settings import Settings

LOG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"greenroom": {"level": "INFO"}, "uvicorn.error": {"level": "WARNING"}},
}
DRAIN_SECONDS = 10


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raise OSError if the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(2048)
    except OSError:
        bound.close()
        raise
    bound.set_inheritable(True)
    return bound


def serve(settings: Settings, bound: socket.socket, *, behind_proxy: bool) -> int:
    """Serve until told to stop; the exit status."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from app.main import create_app

    alone = settings.workers == 1
    try:
        app = create_app(settings)  # several workers each make their own; made here too, it fails in one clear line
    except Exception as error:
        logging.getLogger("greenroom").debug("start-up", exc_info=error)
        print(f"greenroom: could not start: {error}", file=sys.stderr)
        return 1
    config = uvicorn.Config(
        app if alone else "app.main:create_app",
        factory=not alone,
        access_log=False,  # addresses are personal; web/headers.py logs what went wrong, by route
        log_config=LOG,
        proxy_headers=True,
        forwarded_allow_ips="*" if behind_proxy else settings.trusted_proxies,
        server_header=False,
        workers=settings.workers,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        ws="none",
    )
    host, port = bound.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(f"Greenroom is ready at http://{shown}:{port}  (Ctrl+C stops it)", flush=True)
    try:
        if alone:
            uvicorn.Server(config).run(sockets=[bound])
        else:
            Multiprocess(config, sockets=[bound]).run()
    except KeyboardInterrupt:
        pass
    finally:
        bound.close()
    return 0
