/**
 * Works a lucky draw out again, by WebCrypto alone. The formula stands in docs/lucky-draw.md; the server's side of it
 * is server/draws/lottery.rules.ts, and a test compares the two.
 */
export interface DrawData {
  version: string;
  draw: string;
  prizes: { sku: string; qty: number; winners: number }[];
  seedHash: string;
  entrantsHash: string | null;
  commitment: string | null;
  seed: string | null;
  entrants: string[] | null;
  winners: { rank: number; prize: number; entrant: string }[];
}

export interface Verdict {
  seed: boolean;
  list: boolean;
  commitment: boolean;
  winners: boolean;
}

const VERSION = 'shanxiang-draw/1';

/** How many hashes are asked for at once: the browser does them beside the page. */
const AT_ONCE = 500;

export function canCheck(): boolean {
  return typeof crypto === 'object' && typeof crypto.subtle === 'object';
}

export async function checkDraw(data: DrawData): Promise<Verdict> {
  const { seed, entrants } = data;
  if (data.version !== VERSION || seed === null || entrants === null) {
    return { seed: false, list: false, commitment: false, winners: false };
  }
  const entrantsHash = await sha256([...entrants].sort().join('\n'));
  const goods = data.prizes.map(({ sku, qty, winners }) => `${sku} ${qty} ${winners}`).join(',');
  const seal = [VERSION, data.draw, data.seedHash, entrantsHash, entrants.length, goods].join('\n');
  const commitment = await sha256(seal);
  return {
    seed: (await sha256(seed)) === data.seedHash,
    list: entrantsHash === data.entrantsHash && new Set(entrants).size === entrants.length,
    commitment: commitment === data.commitment,
    winners: isSame(await winnersOf(seed, commitment, entrants, data.prizes), data.winners),
  };
}

/** The lowest lots; the first prize goes to as many as it has winners, then the next. */
async function winnersOf(
  seed: string,
  commitment: string,
  entrants: readonly string[],
  prizes: DrawData['prizes'],
): Promise<DrawData['winners']> {
  const lots: { entrant: string; lot: string }[] = [];
  for (let start = 0; start < entrants.length; start += AT_ONCE) {
    const some = entrants.slice(start, start + AT_ONCE);
    const hashes = await Promise.all(some.map((entrant) => sha256(`${seed}\n${commitment}\n${entrant}`)));
    some.forEach((entrant, index) => lots.push({ entrant, lot: hashes[index]! }));
  }
  lots.sort((a, b) => (a.lot === b.lot ? (a.entrant < b.entrant ? -1 : 1) : a.lot < b.lot ? -1 : 1));
  const places = prizes.flatMap(({ winners }, prize) => Array.from({ length: winners }, () => prize));
  return lots
    .slice(0, places.length)
    .map(({ entrant }, index) => ({ rank: index + 1, prize: places[index]!, entrant }));
}

function isSame(a: DrawData['winners'], b: DrawData['winners']): boolean {
  return (
    a.length === b.length &&
    a.every(({ rank, prize, entrant }, index) => {
      const other = b[index]!;
      return rank === other.rank && prize === other.prize && entrant === other.entrant;
    })
  );
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
