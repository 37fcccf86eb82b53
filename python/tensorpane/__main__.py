import sys

from tensorpane.command_line import main

sys.exit(main())
