"""Run a command from a zip of this folder, in an image that is not its own: `python3 tabular.zip evaluate …`."""

import sys

from tabular.commands import main

sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[2:]))
