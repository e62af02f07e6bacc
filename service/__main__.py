"""`python -m service`: the command line where no `pagesieve` is on the path."""

from service.cli import main

main(prog_name="pagesieve")
