/** What an embed is besides a view of logs, in its hash beside the state (`model/url_state.ts`). */
export interface EmbedOptions {
  /** No header above the view. */
  bare: boolean;
  /** false = a still picture: no hover, no focus. */
  interactive: boolean;
  /** '' = that of what is open. */
  title: string;
}

/** No title is longer. */
const MAX_TITLE = 200;

export function readOptions(hash: string): EmbedOptions {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    bare: params.get('chrome') === 'none',
    interactive: params.get('interactive') !== '0',
    title: (params.get('title') ?? '').slice(0, MAX_TITLE),
  };
}
