/** Copying and saving a text, wherever it is shown. */
import { html, type TemplateResult } from 'lit';
import { asWireError } from '../../faults/fault';
import { errorText } from '../../model/errors';
import { icon } from '../../ui/icons';
import { fileNamePart, saveBytes } from '../../ui/save';
import type { ViewContext } from '../view_def';
import { textLabel } from './text_label';
import { decodeStrings, fileText, isSingle, plainText, type TextValue } from './text_value';

/** Where a text is in the logs. */
export interface TextPlace {
  series: number;
  point: number;
  step: bigint;
}

/** @returns why it failed; '' = it is done. */
export async function copyText(context: ViewContext, value: TextValue): Promise<string> {
  try {
    await navigator.clipboard.writeText(plainText(value));
    context.announce('Copied');
    return '';
  } catch {
    return "The browser doesn't allow copying here: save it instead";
  }
}

/**
 * Saves all of a text, also what is not shown of it: as it was written, or a table as CSV.
 *
 * @param value undefined = it is no text: its bytes are saved.
 * @returns why it failed; '' = it is done.
 */
export async function saveText(
  { engine, shown }: ViewContext,
  { series, point, step }: TextPlace,
  value: TextValue | undefined,
): Promise<string> {
  const { catalogue } = engine;
  const [run, tag] = [shown.runLabel(catalogue.runName(series)), textLabel(catalogue.tag(series))];
  const name = `${fileNamePart(run)}.${fileNamePart(tag)}.step${step}`.replace(/^\.+/, '');
  try {
    const content = await engine.content(series, point);
    if (!content) return '';
    if (!value) {
      saveBytes(content, `${name}.bin`);
    } else if (isSingle(value)) {
      // Its bytes as written, behind their length.
      saveBytes(content.slice(8), `${name}.txt`);
    } else {
      const { strings } = decodeStrings(content, { bytes: Infinity, strings: Infinity });
      saveBytes(fileText({ ...value, strings }), `${name}.csv`);
    }
    return '';
  } catch (error) {
    return errorText(asWireError(error));
  }
}

/** The buttons for both. @param failed told why one failed. */
export function textTools(
  context: ViewContext,
  place: TextPlace,
  value: TextValue,
  failed: (why: string) => void,
): TemplateResult {
  const tell = (why: string): void => {
    if (why !== '') failed(why);
  };
  return html`<div class="tools">
    <button class="btn ico" aria-label="Copy" title="Copy the text" @click=${() => copyText(context, value).then(tell)}>
      ${icon('copy')}
    </button>
    <button
      class="btn ico"
      aria-label="Save"
      title=${isSingle(value) ? 'Save the text (.txt)' : 'Save the table (.csv)'}
      @click=${() => saveText(context, place, value).then(tell)}
    >
      ${icon('save')}
    </button>
  </div>`;
}
