"""The doors of pagesieve: HTTP and the command line."""

import os

# Read once, when numpy is first imported: its linear algebra starts a thread a core by default, and
# processes that answer side by side would then fight for the cores. Throughput comes from processes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
