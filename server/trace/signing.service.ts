import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { AppError } from '../platform/errors.ts';
import { linkOf, type Identity } from './codes.rules.ts';
import {
  couldBeSignature,
  fromBase64Url,
  KEY_ID_BYTES,
  readToken,
  sealMessage,
  toBase64Url,
  writeToken,
} from './seal.rules.ts';
import type { KeyDoc } from './signing.model.ts';
import type { SigningStore } from './signing.store.ts';

/**
 * What a signature says of the code that it stands on. `altered`: a known key, but these are not the fields that it
 * signed. `forged`: no key can have made it. `unknown_key`: another one's key, or one newer than the reader's list.
 */
export type SealVerdict = 'genuine' | 'altered' | 'forged' | 'unknown_key' | 'revoked_key' | 'unsigned';

/** Another process may have changed the keys: read again after so long, in ms. */
const KEYS_MAX_AGE_MS = 30_000;

interface Key {
  doc: KeyDoc;
  publicKey: KeyObject;
}

interface Signer {
  id: Uint8Array;
  key: KeyObject;
}

interface Ring {
  keys: Map<string, Key>;
  /** What new labels are signed with. */
  active: Signer | undefined;
  /** All that may sign: only the newest does for new labels. */
  signers: Map<string, Signer>;
  readAt: number;
}

export type Signing = ReturnType<typeof createSigning>;

/**
 * The keys that identity codes are signed with. They lie in the database, where all processes find them, the private
 * halves sealed under the shop's secret. With another secret they cannot be opened: then a new pair is made, and the
 * old labels are still good.
 */
export function createSigning(deps: { store: SigningStore; secret: string; clock: Clock; log: Log }) {
  const { store, clock, log } = deps;
  const wrapping = Buffer.from(hkdfSync('sha256', deps.secret, '', 'trace signing keys', 32));
  let ring: Promise<Ring> | undefined;

  async function read(): Promise<Ring> {
    const docs = await store.all();
    const keys = new Map(docs.map((doc) => [doc._id, { doc, publicKey: publicKeyOf(doc.publicKey) }]));
    const fit = docs.filter(({ revokedAt }) => !revokedAt);
    const opened = fit.flatMap((doc) => {
      const key = open(doc, wrapping);
      if (!key) log.warn({ key: doc._id }, 'a signing key cannot be opened with this secret');
      return key ? [{ id: fromBase64Url(doc._id), key }] : [];
    });
    const signers = new Map(opened.map((one) => [toBase64Url(one.id), one]));
    const active = opened.find(({ id }) => !keys.get(toBase64Url(id))?.doc.retiredAt);
    return { keys, active, signers, readAt: Date.now() };
  }

  async function current(): Promise<Ring> {
    const kept = await ring;
    if (kept && Date.now() - kept.readAt < KEYS_MAX_AGE_MS) return kept;
    ring = read();
    ring.catch(() => (ring = undefined));
    return ring;
  }

  async function make(): Promise<string> {
    const pair = generateKeyPairSync('ed25519');
    const publicKey = pair.publicKey.export({ format: 'jwk' }).x!;
    const id = toBase64Url(hash(fromBase64Url(publicKey)).subarray(0, KEY_ID_BYTES));
    const sealed = seal(pair.privateKey, id, wrapping);
    const empty = { retiredAt: null, revokedAt: null, why: null };
    await store.insert({ _id: id, publicKey, sealed, createdAt: clock.now(), ...empty });
    ring = undefined;
    return id;
  }

  /** Two processes that start together may both make one: either is good, and both are published. */
  async function signer() {
    const { active } = await current();
    if (active) return active;
    await make();
    const made = (await current()).active;
    if (!made) throw new AppError('internal');
    return made;
  }

  return {
    /** The `s` of a link. The same key and fields always give the same. */
    async token(identity: Identity): Promise<string> {
      const { id, key } = await signer();
      return writeToken({ keyId: id, signature: sign(null, sealMessage(identity, id), key) });
    },

    /** The id of the key that signs new labels; made when there is none. */
    async active(): Promise<string> {
      // Another process may have revoked it a moment ago, and what is printed cannot be called back.
      ring = undefined;
      return toBase64Url((await signer()).id);
    },

    /**
     * Whole signed links, many at once, without waiting in between: a sheet of labels asks for thousands.
     *
     * @param keyId the key that they were signed with before; the newest where it may not sign any more
     */
    async linker(origin: string, keyId?: string): Promise<(identity: Identity) => string> {
      ring = undefined;
      const before = keyId === undefined ? undefined : (await current()).signers.get(keyId);
      const { id, key } = before ?? (await signer());
      return (identity) => {
        const signature = sign(null, sealMessage(identity, id), key);
        return linkOf(origin, identity, writeToken({ keyId: id, signature }));
      };
    },

    async verdict(identity: Identity, token: string | undefined): Promise<SealVerdict> {
      if (token === undefined) return 'unsigned';
      const read = readToken(token);
      if (!read) return 'forged';
      const key = (await current()).keys.get(toBase64Url(read.keyId));
      if (!key) return 'unknown_key';
      if (!verify(null, sealMessage(identity, read.keyId), key.publicKey, read.signature)) {
        return couldBeSignature(read.signature) ? 'altered' : 'forged';
      }
      return key.doc.revokedAt ? 'revoked_key' : 'genuine';
    },

    /** Every key there ever was, the newest first. */
    keys: () => store.all(),

    /** RFC 7517 with RFC 8037's keys; `revoked` is the day on which one was. */
    async published() {
      await signer();
      return {
        keys: (await store.all()).map(({ _id, publicKey, createdAt, retiredAt, revokedAt }) => ({
          kty: 'OKP',
          crv: 'Ed25519',
          alg: 'EdDSA',
          use: 'sig',
          kid: _id,
          x: publicKey,
          created: createdAt.toISOString(),
          ...(retiredAt ? { retired: retiredAt.toISOString() } : {}),
          ...(revokedAt ? { revoked: revokedAt.toISOString() } : {}),
        })),
      };
    },

    /** New labels get a new key; what the old ones have signed stays good. */
    async rotate(): Promise<string> {
      const id = await make();
      // Dying before this leaves two that could sign, and the newest does.
      await store.retireOthers(id, clock.now());
      ring = undefined;
      return id;
    },

    /** A key that got into wrong hands. @throws AppError `not_found`, also when it was revoked before */
    async revoke(id: string, why: string): Promise<void> {
      if (!(await store.revoke(id, clock.now(), why))) throw new AppError('not_found');
      ring = undefined;
    },
  };
}

function hash(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function publicKeyOf(x: string): KeyObject {
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The id goes in as associated data: a sealed key cannot be put under another one's name. */
function seal(key: KeyObject, id: string, wrapping: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', wrapping, nonce).setAAD(Buffer.from(id));
  const text = Buffer.concat([cipher.update(key.export({ format: 'der', type: 'pkcs8' })), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
}

/** @returns undefined when it was sealed under another secret */
function open({ _id, sealed }: KeyDoc, wrapping: Buffer): KeyObject | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  const text = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  try {
    const cipher = createDecipheriv('aes-256-gcm', wrapping, bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(_id))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const key = Buffer.concat([cipher.update(text), cipher.final()]);
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}
