"""The application: `app` for a server, and everything at once when run as a program."""

import gc
import sys

try:
    if __name__ == "__main__":
        gc.disable()  # until everything is loaded: it would look through half a program a hundred times

        from gevent import monkey

        monkey.patch_all()

        from eventmgr.launch import main

        sys.exit(main())

    from eventmgr.bootstrap import create_app
except ModuleNotFoundError as missing:
    sys.exit(f"Thiếu gói Python “{missing.name}”: chạy “pip install -r requirements.txt” rồi thử lại.")

app = create_app()
