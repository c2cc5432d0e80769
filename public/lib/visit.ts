import type { FigureClientEvents } from '../../server/figures/figures.events.ts';
import type { ShopSocket } from './connection.ts';

type Came = Parameters<FigureClientEvents['live:came']>[0];
const LINKS: readonly Came['from'][] = ['card', 'mail', 'calendar'];

const SPREAD_MS = 4_000;

/** How somebody came, as far as the address and the browser tell; nothing else about them is sent. */
function source(): Came['from'] {
  const mark = new URLSearchParams(location.search).get('from');
  const link = LINKS.find((one) => one === mark);
  if (link) return link;
  if (document.referrer === '') return 'direct';
  return URL.canParse(document.referrer) && new URL(document.referrer).origin === location.origin
    ? 'shop'
    : 'elsewhere';
}

/** Tells the host's figures that somebody came, and what is looked at and tapped in the room. */
export function countVisit(socket: ShopSocket, liveId: string) {
  const from = source();
  const came = () => socket.emit('live:came', { liveId, from });
  socket.on('connect', came);
  if (socket.connected) came();
  // Whoever waited for it to begin came, too; but not all of them say so in the same instant.
  socket.on('live:started', (told) => {
    if (told.liveId === liveId) setTimeout(came, Math.random() * SPREAD_MS);
  });

  document.addEventListener(
    'click',
    ({ target }) => {
      if (!(target instanceof Element)) return;
      const sku =
        target.closest<HTMLElement>('[data-item]')?.dataset['item'] ??
        target.closest<HTMLElement>('[data-pinned]')?.dataset['sku'];
      if (!sku || target.closest('button') || !target.closest('a')) return;
      socket.emit('live:tap', { liveId, sku, what: 'look' });
    },
    { capture: true },
  );

  return {
    /** A buy button was tapped: below the picture, on the rail, of a flash offer, on a product's sheet. */
    tapped: (sku: string) => void socket.emit('live:tap', { liveId, sku, what: 'buy' }),
  };
}
