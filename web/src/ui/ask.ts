import { html, render } from 'lit';

/** What is asked, and the two answers to it. */
export interface Question {
  title: string;
  text: string;
  yes: string;
  /** Where the focus is: it changes nothing. */
  no: string;
}

/** Asks in a dialog; Esc is no. No key reaches what lies under it, wherever the focus is. */
export function ask({ title, text, yes, no }: Question): Promise<boolean> {
  const dialog = document.createElement('dialog');
  dialog.className = 'ask';
  dialog.setAttribute('aria-labelledby', 'ask-title');
  render(
    html`<h2 id="ask-title">${title}</h2>
      <p>${text}</p>
      <div class="row">
        <button class="btn line" autofocus @click=${() => dialog.close('no')}>${no}</button>
        <button class="btn fill" @click=${() => dialog.close('yes')}>${yes}</button>
      </div>`,
    dialog,
  );
  document.body.append(dialog);
  dialog.showModal();
  const stop = (event: Event): void => event.stopPropagation();
  addEventListener('keydown', stop, { capture: true });
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
      removeEventListener('keydown', stop, { capture: true });
      dialog.remove();
    });
  });
}
