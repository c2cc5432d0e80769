const SECOND = 1000;

/**
 * Fills `[data-countdown="ISO"]` with what is left, each second; calls `whenOver` once when one reaches zero. A
 * `[data-countdown-line]` around it says something only while somebody counts.
 */
export function startCountdowns(root: ParentNode, whenOver: () => void) {
  const elements = [...root.querySelectorAll<HTMLElement>('[data-countdown]')];
  if (elements.length === 0) return;
  for (const element of elements) element.closest('[data-countdown-line]')?.removeAttribute('hidden');
  const timer = setInterval(show, SECOND);
  show();

  function show() {
    for (const element of elements) {
      const left = new Date(element.dataset['countdown'] ?? '').getTime() - Date.now();
      element.textContent = formatLeft(left);
      if (left > 0) continue;
      clearInterval(timer);
      whenOver();
      return;
    }
  }
}

/** "9:05", "1:02:03", "46:10:00". */
export function formatLeft(milliseconds: number): string {
  const total = Math.max(0, Math.ceil(milliseconds / SECOND));
  const days = Math.floor(total / 86_400);
  const hours = Math.floor((total % 86_400) / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = total % 60;
  const two = (value: number) => String(value).padStart(2, '0');
  if (days > 0) return `${days * 24 + hours}:${two(minutes)}:${two(seconds)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
