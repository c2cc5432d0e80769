/** An element with a class and a text: nothing that people typed ever becomes markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

export function button(text: string, kind: string, act: (button: HTMLButtonElement) => void) {
  const element = el('button', `button button--small ${kind}`, text);
  element.type = 'button';
  element.addEventListener('click', () => act(element));
  return element;
}
