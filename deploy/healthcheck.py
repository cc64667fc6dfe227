"""Ends well when the copy in this container can serve: database, migrations and job process."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

host = urlsplit(os.environ.get("EVENTMGR_BASE_URL", "http://127.0.0.1:8000")).netloc
request = urllib.request.Request("http://127.0.0.1:8000/readyz", headers={"Host": host})
try:
    with urllib.request.urlopen(request, timeout=4) as answer:
        sys.exit(0 if answer.status == 200 else 1)
except OSError as problem:
    sys.exit(str(problem))
