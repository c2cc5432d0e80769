/**
 * Sharing: the phone's own way where it has one; else a card to be saved or held. Without a script the link leads to
 * the card itself.
 */
export function startShare(root: ParentNode) {
  for (const link of root.querySelectorAll<HTMLAnchorElement>('[data-share]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      void share(link);
    });
  }
}

async function share(link: HTMLAnchorElement) {
  const { shareTitle = document.title, shareUrl = location.pathname } = link.dataset;
  const url = new URL(shareUrl, location.href).href;
  if (typeof navigator.share === 'function') {
    try {
      await navigator.share({ title: shareTitle, url });
      return;
    } catch (error) {
      // Thought better of it; anything else shows the card.
      if (error instanceof DOMException && error.name === 'AbortError') return;
    }
  }
  showCard(link);
}

function showCard(link: HTMLAnchorElement) {
  const sheet = document.querySelector<HTMLDialogElement>('[data-share-sheet]');
  const picture = sheet?.querySelector('img');
  if (!sheet || !picture) return void window.open(link.href, '_blank', 'noopener');
  picture.src = link.href;
  sheet.showModal();
  sheet.addEventListener('click', (event) => event.target === sheet && sheet.close(), { once: true });
}
