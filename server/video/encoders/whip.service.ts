import { randomBytes, randomInt } from 'node:crypto';
import type * as Rtc from 'node-datachannel';
import type { Comer, EncoderFault, Grant, Refusal } from './gate.rules.ts';
import { openPublication, type Publication, type PublicationDeps } from './publication.service.ts';
import { createReceiving, type Receiving } from './receiving.service.ts';
import { narrowOffer, withPublicAddress, type Narrowed, type OfferFault } from './sdp.rules.ts';

export interface WhipSettings {
  /** The one UDP port that all connections share; 0 for any free one each. */
  port: number;
  /** IPv4 address under which a router in front of us is reached. */
  publicAddress?: string | undefined;
  bindAddress?: string | undefined;
}

export type WhipAnswer =
  | { ok: true; session: string; answer: string }
  | { ok: false; refusal: Refusal | OfferFault | 'not_offered' | 'unavailable' };

type Library = typeof Rtc;

const MAX_SESSIONS = 50;
const GATHER_MS = 5_000;
/** From the answer to the first connection, and from its loss to the end. */
const CONNECT_MS = 15_000;
const LOST_MS = 8_000;

interface Session {
  live: string;
  end(reason: string): void;
}

export type Whip = ReturnType<typeof createWhip>;

/** Takes WebRTC publishers in (RFC 9725). Without the optional library nobody can come, and is told so. */
export function createWhip(deps: PublicationDeps, settings: WhipSettings) {
  const { gate, log } = deps;
  const sessions = new Map<string, Session>();
  let loading: Promise<Library | undefined> | undefined;

  /** Loaded at the first offer: a shop that never sees one does not carry it. */
  function library(): Promise<Library | undefined> {
    loading ??= import('node-datachannel').catch((error: unknown) => {
      log.warn({ err: error }, 'node-datachannel is not installed: no WebRTC publishers');
      return undefined;
    });
    return loading;
  }

  function connect(rtc: Library, grant: Grant, offer: Narrowed) {
    const id = randomBytes(16).toString('hex');
    const peer = new rtc.PeerConnection(`whip-${id.slice(0, 8)}`, {
      iceServers: [],
      maxMessageSize: 65_536,
      ...(settings.bindAddress ? { bindAddress: settings.bindAddress } : {}),
      ...(settings.port
        ? { enableIceUdpMux: true, portRangeBegin: settings.port, portRangeEnd: settings.port }
        : {}),
    });
    let publication: Publication | undefined;
    let receiving: Receiving | undefined;
    let ended = false;
    let patience = setTimeout(() => end('not_connected'), CONNECT_MS);

    function end(reason: string, fault?: EncoderFault) {
      if (ended) return;
      ended = true;
      clearTimeout(patience);
      sessions.delete(id);
      receiving?.stop();
      if (publication) publication.end(reason, fault);
      else
        void gate.leave(grant, fault).catch((error: unknown) => log.warn({ err: error }, 'not given back'));
      peer.close();
    }

    function begin() {
      if (ended || publication) return;
      publication = openPublication(deps, { grant, via: 'whip', over: end });
      receiving?.start(publication);
    }

    peer.onTrack((track) => {
      if (ended) return;
      receiving ??= createReceiving(offer, { own: randomInt(1, 2 ** 32 - 1) });
      receiving.add(track);
    });
    peer.onStateChange((state) => {
      if (ended) return;
      clearTimeout(patience);
      if (state === 'connected') begin();
      else if (state === 'failed' || state === 'closed') end('lost');
      else patience = setTimeout(() => end('lost'), state === 'disconnected' ? LOST_MS : CONNECT_MS);
    });
    sessions.set(id, { live: grant.live, end });
    return { id, peer, end };
  }

  async function negotiate(rtc: Library, grant: Grant, offer: Narrowed): Promise<WhipAnswer> {
    const { id, peer, end } = connect(rtc, grant, offer);
    try {
      const answer = await answerTo(peer, offer.sdp);
      const { publicAddress } = settings;
      return {
        ok: true,
        session: id,
        answer: publicAddress ? withPublicAddress(answer, publicAddress) : answer,
      };
    } catch (error) {
      log.warn({ err: error, live: grant.live }, 'a WebRTC offer could not be answered');
      end('malformed', 'malformed');
      return { ok: false, refusal: 'malformed' };
    }
  }

  return {
    async open(sdp: string, comer: Omit<Comer, 'via'>): Promise<WhipAnswer> {
      const rtc = await library();
      if (!rtc) return { ok: false, refusal: 'not_offered' };
      if (sessions.size >= MAX_SESSIONS) return { ok: false, refusal: 'unavailable' };
      const admission = await gate.admit({ ...comer, via: 'whip' });
      if (!admission.ok) {
        log.warn({ address: comer.address, refusal: admission.refusal }, 'a WebRTC encoder was refused');
        return admission;
      }
      const offer = narrowOffer(sdp);
      if (typeof offer === 'string') {
        await gate.leave(admission.grant, offer);
        return { ok: false, refusal: offer };
      }
      return negotiate(rtc, admission.grant, offer);
    },

    /** @returns whether there was such a session */
    close(live: string, session: string): boolean {
      const found = sessions.get(session);
      if (found?.live !== live) return false;
      found.end('stopped');
      return true;
    },

    async stop() {
      for (const session of sessions.values()) session.end('server_stops');
      // Joins the library's threads, which would keep the process alive; nothing is loaded for it.
      const rtc = await loading;
      rtc?.cleanup();
    },
  };
}

/** The whole answer with all candidates: nothing is sent after it (RFC 9725 leaves trickling to who wants it). */
function answerTo(peer: Rtc.PeerConnection, offer: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no candidates were found')), GATHER_MS);
    peer.onGatheringStateChange((state) => {
      if (state !== 'complete') return;
      clearTimeout(late);
      const answer = peer.localDescription();
      if (answer?.type === 'answer') resolve(answer.sdp);
      else reject(new Error('no answer was made'));
    });
    try {
      peer.setRemoteDescription(offer, 'offer');
    } catch (error) {
      clearTimeout(late);
      reject(error);
    }
  });
}
