import type { Log } from '../../platform/log.ts';
import type { Ingest, OpenIngest, VideoTrackConfig } from '../ingest.rules.ts';
import { createFeed, type Feed, type LoosePacket } from './feed.rules.ts';
import type { EncoderFault, Gate, Grant, Via } from './gate.rules.ts';

export interface PublicationDeps {
  openIngest: OpenIngest;
  gate: Gate;
  log: Log;
}

const HOLD_MS = 1_000;
/** 20 Mbit/s: three times what a phone's line carries up, and no picture of a live needs it. */
const MAX_BYTES_PER_SECOND = 2_500_000;
const PATIENCE_SECONDS = 5;
/** Full HD, upright or not: more no phone decodes in time, and the bus takes none. */
const LARGEST_SIDE = 1_920;

/** One connection that was let in, until it ends: its feed into the bus, and its hold on the key. */
export interface Publication extends Feed {
  ingest: Ingest;
  end(reason: string, fault?: EncoderFault): void;
}

/** @param over called once, when somebody else than the connection's own end ends it */
export function openPublication(
  deps: PublicationDeps,
  { grant, via, over }: { grant: Grant; via: Via; over: (reason: string) => void },
): Publication {
  const { gate, log } = deps;
  const ingest = deps.openIngest({
    ...{ live: grant.live, via, publisher: grant.publisher },
    over: (reason) => endFromOutside(reason),
  });
  const feed = createFeed(ingest);
  let ended = false;
  let heard = 0;
  let fastSeconds = 0;

  function end(reason: string, fault?: EncoderFault) {
    if (ended) return;
    ended = true;
    clearInterval(timer);
    ingest.end(reason);
    log.info({ live: grant.live, via, reason }, 'an encoder has left');
    gate.leave(grant, fault).catch((error: unknown) => log.warn({ err: error }, 'a key was not given back'));
  }

  function endFromOutside(reason: string, fault?: EncoderFault) {
    if (ended) return;
    end(reason, fault);
    over(reason);
  }

  const timer = setInterval(() => {
    fastSeconds = heard > MAX_BYTES_PER_SECOND ? fastSeconds + 1 : 0;
    if (fastSeconds >= PATIENCE_SECONDS) return endFromOutside('too_fast', 'too_fast');
    const any = heard > 0;
    heard = 0;
    gate.hold(grant, any).then(
      (held) => void (held || endFromOutside('key_gone')),
      // A database that does not answer for a moment takes nobody off the air.
      (error: unknown) => log.warn({ err: error, live: grant.live }, 'a key could not be looked at'),
    );
  }, HOLD_MS);

  log.info({ live: grant.live, via }, 'an encoder is on air');
  return {
    ...feed,
    ingest,
    end,
    video(config: VideoTrackConfig) {
      if (Math.max(config.width, config.height) > LARGEST_SIDE)
        endFromOutside('picture_size', 'picture_size');
      else if (!ended) feed.video(config);
    },
    push(packet: LoosePacket) {
      if (ended) return;
      heard += packet.data.length;
      feed.push(packet);
    },
  };
}
