/** At most so many hearts are in the air; a phone has other things to do. */
const IN_THE_AIR = 24;
const APART_MS = 90;

/** Other people's likes: by their sum, a few hearts for a few and many for many, never one for each. */
export function startBurst(button: HTMLElement, color: (turn: number) => string) {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let known: number | undefined;
  let turn = 0;

  function fly() {
    const icon = button.querySelector('svg');
    if (!icon || document.hidden || button.querySelectorAll('.heart').length >= IN_THE_AIR) return;
    const heart = icon.cloneNode(true) as SVGElement;
    turn += 1;
    heart.setAttribute('class', 'heart heart--other');
    heart.setAttribute('fill', 'currentColor');
    heart.style.setProperty('--drift', `${Math.round(Math.random() * 80 - 60)}px`);
    heart.style.setProperty('--heart', color(turn));
    heart.addEventListener('animationend', () => heart.remove());
    button.append(heart);
    setTimeout(() => heart.remove(), 2_500);
  }

  return {
    /** The sum is that now. */
    likes(sum: number) {
      const more = known === undefined ? 0 : sum - known;
      known = sum;
      if (more <= 0 || still.matches) return;
      const hearts = Math.min(10, Math.ceil(Math.log2(more + 1)));
      for (let index = 0; index < hearts; index += 1) setTimeout(fly, index * APART_MS);
    },
  };
}
