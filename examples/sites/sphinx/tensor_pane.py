"""The directive `tensor-pane`: a manifest, by its path below the site, and the attributes of <tensor-pane>."""

from html import escape

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from sphinx.util.osutil import relative_uri

NAMES = "view tags runs smoothing x y step theme chrome interactive title state height".split()


class TensorPane(Directive):
    required_arguments = 1
    option_spec = {name: directives.unchanged for name in NAMES}
    has_content = True

    def run(self):
        env = self.state.document.settings.env
        page = env.app.builder.get_target_uri(env.docname)
        attributes = {"src": relative_uri(page, self.arguments[0]), **self.options}
        text = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
        # What is in the directive stands for it where there is no script.
        within = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, within)
        start, end = f"<tensor-pane {text}>", "</tensor-pane>"
        return [nodes.raw("", start, format="html"), within, nodes.raw("", end, format="html")]


def setup(app):
    app.add_directive("tensor-pane", TensorPane)
    app.add_js_file("tensorpane/tensorpane.js", type="module")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
