/** Tags of HTML that a text may use itself: TensorBoard's (plugin_util.py, _ALLOWED_TAGS), and b, i, span. */
export const TAGS: readonly string[] = [
  'ul', 'ol', 'li', 'p', 'pre', 'code', 'blockquote', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'br', 'strong', 'em',
  'a', 'img', 'table', 'thead', 'tbody', 'td', 'tr', 'th', 'b', 'i', 'span',
]; // prettier-ignore

/** Attributes that they may have. The last two are what Markdown itself writes, of ordered lists and cells. */
export const ATTRIBUTES: readonly string[] = ['href', 'src', 'alt', 'title', 'start', 'align'];
