import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "A training"
extensions = ["tensor_pane"]
html_static_path = ["_static"]
html_extra_path = ["extra"]
exclude_patterns = ["_build", "_static", "extra"]
