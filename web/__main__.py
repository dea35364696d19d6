"""`python -m web` is `platetrail`."""

from web.cli import main

main(prog_name="platetrail")
