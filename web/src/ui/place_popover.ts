/** Puts a popover beside the button that opens it, whichever part of the window that is in: its size need not be known. */
export function placePopover(popover: HTMLElement, button: Element): void {
  const { top, right, bottom, left } = button.getBoundingClientRect();
  const [down, across] = [bottom < innerHeight / 2, right > innerWidth / 2];
  popover.style.inset = [
    down ? `${bottom}px` : 'auto',
    across ? `${Math.max(0, innerWidth - right)}px` : 'auto',
    down ? 'auto' : `${Math.max(0, innerHeight - top)}px`,
    across ? 'auto' : `${Math.max(0, left)}px`,
  ].join(' ');
}

/** For `beforetoggle` of a popover: puts it beside the button that is about to open it. */
export function placeBeside({ currentTarget, newState }: ToggleEvent): void {
  const popover = currentTarget as HTMLElement;
  const button = popover.parentElement?.querySelector(`:scope > [popovertarget='${popover.id}']`);
  if (button && newState === 'open') placePopover(popover, button);
}
