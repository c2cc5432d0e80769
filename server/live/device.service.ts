import { createHmac, timingSafeEqual } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';

/** What a browser is known by between sessions: a random id of its own, when it first came, from what network. */
export interface Device {
  id: string;
  since: Date;
  /** A keyed hash of the network (/24 or /48): tells two apart, leads back to neither. */
  place: string;
}

export const DEVICE_COOKIE = 'browser';
const IN_COOKIES = new RegExp(`(?:^|;\\s*)${DEVICE_COOKIE}=([^;]+)`);

interface Told {
  headers: { cookie?: string | undefined };
}

export type Devices = ReturnType<typeof createDevices>;

/** Nothing of the browser is measured: a cookie is all, and whoever deletes it is a new device. */
export function createDevices(deps: { secret: string; clock: Clock }) {
  const sign = (text: string) => createHmac('sha256', deps.secret).update(text).digest('base64url');

  function placeOf(address: string): string {
    return sign(`place ${networkOf(address)}`).slice(0, 16);
  }

  function read(cookie: string | undefined): Device | undefined {
    const [id = '', since = '', place = '', mac = ''] = (cookie ?? '').split('.');
    const expected = Buffer.from(sign(`device ${id} ${since} ${place}`));
    const given = Buffer.from(mac);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return { id, since: new Date(parseInt(since, 36)), place };
  }

  function write({ id, since, place }: Device): string {
    const stamp = since.getTime().toString(36);
    return `${id}.${stamp}.${place}.${sign(`device ${id} ${stamp} ${place}`)}`;
  }

  /** By request or handshake: whoever chats tells of it with every line. */
  const known = new WeakMap<Told, { device: Device | undefined }>();

  return {
    read,

    /** The device that a request, or a socket's handshake, tells of in its cookies. */
    of(told: Told): Device | undefined {
      let found = known.get(told);
      if (!found) {
        found = { device: read(IN_COOKIES.exec(told.headers.cookie ?? '')?.[1]) };
        known.set(told, found);
      }
      return found.device;
    },
    /** The cookie to set; undefined when the one that came is still right. */
    renew(cookie: string | undefined, address: string): string | undefined {
      const known = read(cookie);
      const place = placeOf(address);
      if (known?.place === place) return undefined;
      return write({ id: known?.id ?? newId(), since: known?.since ?? deps.clock.now(), place });
    },
  };
}

/** The first 24 bits of an IPv4 address, the first 48 of an IPv6 one. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  if (isIPv4(plain)) return plain.split('.').slice(0, 3).join('.');
  if (!isIPv6(plain)) return 'unknown';
  const [head = '', tail] = plain.split('%')[0]!.split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - last.length;
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...last];
  return all
    .slice(0, 3)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}
