const SHOWN_MS = 6_000;

/** What the host says, where somebody types it or a browser hears it. Two lines at most, gone after a while. */
export function startCaptions(line: HTMLElement) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    said(text: string) {
      clearTimeout(timer);
      line.textContent = text;
      line.hidden = false;
      timer = setTimeout(() => (line.hidden = true), SHOWN_MS);
    },
  };
}
