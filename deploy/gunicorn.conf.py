"""How gunicorn serves shop: `gunicorn -c deploy/gunicorn.conf.py shop.wsgi`.

Any of it can be overridden on the command line, as in `--bind 0.0.0.0:8000` inside a container.
"""

import os
import tempfile

# Reachable from this machine only; a proxy that speaks TLS stands in front of anything more.
bind = f"127.0.0.1:{os.environ.get('PORT') or '8000'}"

workers = 2
worker_class = "gthread"
threads = 4
preload_app = False

# Above the retry budget of shop/transactions.py with a last attempt's statements in it,
# so that a busy database is answered by us and not by a killed worker.
timeout = 30
graceful_timeout = 20
keepalive = 5

# The workers' heartbeat, in memory where there is such a place: a busy disk must not look like a hang.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()
# Workers are managed by signals; no socket to command them is left in anyone's home.
control_socket_disable = True
