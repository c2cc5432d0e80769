import { grouped, readLink, readSerial, type Identity } from '../../server/trace/codes.rules.ts';
import {
  couldBeSignature,
  fromBase64Url,
  readToken,
  sealMessage,
  toBase64Url,
} from '../../server/trace/seal.rules.ts';
import { readSscc } from '../../server/trace/sscc.rules.ts';
import { verifyEd25519 } from './ed25519.ts';

/** A published key (RFC 8037). */
export interface PublicKey {
  kid: string;
  x: string;
  revoked?: string;
}

export type OfflineVerdict =
  | 'genuine'
  | 'altered'
  | 'forged'
  | 'unknown_key'
  | 'revoked_key'
  | 'typing'
  | 'unsigned'
  | 'carton'
  | 'no_keys';

export interface OfflineAnswer {
  verdict: OfflineVerdict;
  identity?: Partial<Identity>;
  kid?: string;
}

export type Verify = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** What can be said of a code without asking anybody. */
export async function checkOffline(
  text: string,
  keys: readonly PublicKey[],
  verify: Verify = verifyHere,
): Promise<OfflineAnswer> {
  const read = readLink(text);
  if ('fault' in read) {
    const carton = readSscc(text);
    if (carton) return { verdict: 'typing' in carton ? 'typing' : 'carton' };
    const typed = read.fault === 'not_a_link' ? readSerial(text) : undefined;
    if (!typed || 'typing' in typed) return { verdict: 'typing' };
    return { verdict: 'unsigned', identity: { serial: grouped(typed.serial) } };
  }
  const { identity, signature } = read;
  const shown = { ...identity, ...(identity.serial ? { serial: grouped(identity.serial) } : {}) };
  if (signature === undefined) return { verdict: 'unsigned', identity: shown };
  if (keys.length === 0) return { verdict: 'no_keys', identity: shown };
  const token = readToken(signature);
  if (!token) return { verdict: 'forged', identity: shown };
  const kid = toBase64Url(token.keyId);
  const key = keys.find((one) => one.kid === kid);
  if (!couldBeSignature(token.signature)) return { verdict: 'forged', identity: shown, kid };
  if (!key) return { verdict: 'unknown_key', identity: shown, kid };
  const fits = await verify(fromBase64Url(key.x), sealMessage(identity, token.keyId), token.signature);
  if (!fits) return { verdict: 'altered', identity: shown, kid };
  return { verdict: key.revoked ? 'revoked_key' : 'genuine', identity: shown, kid };
}

/** By the browser where it knows Ed25519, else by hand. */
async function verifyHere(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const [rawKey, rawMessage, rawSignature] = [key, message, signature].map((bytes) => new Uint8Array(bytes));
  try {
    const imported = await crypto.subtle.importKey('raw', rawKey!, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', imported, rawSignature!, rawMessage!);
  } catch {
    return verifyEd25519(key, message, signature);
  }
}
