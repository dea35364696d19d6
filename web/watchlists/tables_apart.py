"""Tables of files that somebody sent, read in a process of its own with limits.

A spreadsheet of some kilobytes may say that it has billions of cells; what reads it then ends,
and the pages go on.
"""

import json
import resource
import subprocess
import sys
from typing import Any

from search.errors import WatchlistError
from search.watchlists.table import Table, table_of

MOST_MEMORY = 2 << 30  # bytes of address space; a hundred thousand entries take a quarter
MOST_S = 60  # seconds, of a processor and by the clock
_COMMAND = (sys.executable, "-m", "web.watchlists.tables_apart")


def table_apart(content: bytes) -> Table:
    """Read the content of a file.

    Raises:
        WatchlistError: it cannot be read, has no header, or is too much to read.
    """
    try:
        done = subprocess.run(_COMMAND, input=content, capture_output=True, timeout=MOST_S)
    except subprocess.TimeoutExpired:
        raise WatchlistError(f"it was not read after {MOST_S} s: leave empty cells out") from None
    if done.returncode:
        raise WatchlistError("it needs too much memory: delete what lies far from the table")
    said = json.loads(done.stdout)
    if "error" in said:
        raise WatchlistError(said["error"])
    return Table(tuple(said["columns"]), tuple((line, cells) for line, cells in said["rows"]))


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_S, MOST_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    said: dict[str, Any]
    try:
        table = table_of(sys.stdin.buffer.read())
        said = {"columns": table.columns, "rows": table.rows}
    except WatchlistError as error:
        said = {"error": str(error)}
    sys.stdout.write(json.dumps(said))  # json.dump is many times slower


if __name__ == "__main__":
    _main()
