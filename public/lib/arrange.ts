/** A list of products that is put in order by dragging, or by its buttons, without a round trip to the server. */
export function startArranging() {
  const list = document.querySelector<HTMLElement>('[data-arrange]');
  if (!list) return;
  let dragged: HTMLElement | undefined;

  const itemOf = (target: EventTarget | null) =>
    target instanceof Element ? (target.closest<HTMLElement>('[data-sku]') ?? undefined) : undefined;

  for (const item of list.querySelectorAll<HTMLElement>('[data-sku]')) item.draggable = true;

  list.addEventListener('dragstart', (event) => {
    dragged = itemOf(event.target);
    dragged?.toggleAttribute('data-dragged', true);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
  });
  list.addEventListener('dragover', (event) => {
    const over = itemOf(event.target);
    if (!dragged || !over) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    if (over !== dragged) over[event.clientY < top + height / 2 ? 'before' : 'after'](dragged);
  });
  list.addEventListener('dragend', () => {
    dragged?.removeAttribute('data-dragged');
    dragged = undefined;
  });

  list.addEventListener('click', (event) => {
    const button =
      event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button[name="move"]') : null;
    const item = itemOf(button);
    if (!button || !item) return;
    event.preventDefault();
    if (button.value.endsWith(':up')) item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    button.focus();
  });
}
