const SEND_MS = 600;

/** The like button: a heart flies at once; taps are counted together and sent a little later. */
export function startHearts(button: HTMLButtonElement, send: (count: number) => void) {
  let waiting = 0;
  button.hidden = false;
  button.addEventListener('click', () => {
    fly(button);
    if (waiting === 0) {
      setTimeout(() => {
        send(Math.min(50, waiting));
        waiting = 0;
      }, SEND_MS);
    }
    waiting += 1;
  });
}

function fly(button: HTMLButtonElement) {
  const icon = button.querySelector('svg');
  if (!icon) return;
  const heart = icon.cloneNode(true) as SVGElement;
  heart.setAttribute('class', 'heart');
  heart.setAttribute('fill', 'currentColor');
  heart.style.setProperty('--drift', `${Math.round(Math.random() * 60 - 40)}px`);
  heart.addEventListener('animationend', () => heart.remove());
  button.append(heart);
  setTimeout(() => heart.remove(), 2_000);
}
