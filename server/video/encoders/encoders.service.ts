import type { PublicationDeps } from './publication.service.ts';
import { listenForRtmp, type RtmpListener } from './rtmp.service.ts';
import { createWhip, type Whip, type WhipSettings } from './whip.service.ts';

export interface EncoderSettings {
  host: string;
  /** Undefined: encoders that speak RTMP are not listened for; 0 takes any free port. */
  rtmpPort: number | undefined;
  whip: WhipSettings;
}

export interface Encoders {
  /** Where RTMP is listened for; undefined when it is not. */
  rtmpPort: number | undefined;
  whip: Whip;
  close(): Promise<void>;
}

/** The ways on air for encoders, in the process that has the bus. */
export async function openEncoders(deps: PublicationDeps, settings: EncoderSettings): Promise<Encoders> {
  const rtmp = await listen(deps, settings);
  const whip = createWhip(deps, settings.whip);
  return {
    rtmpPort: rtmp?.port,
    whip,
    async close() {
      await rtmp?.close();
      await whip.stop();
    },
  };
}

/** A port that is taken is no reason to take everybody else off the air. */
async function listen(
  deps: PublicationDeps,
  { host, rtmpPort: port }: EncoderSettings,
): Promise<RtmpListener | undefined> {
  if (port === undefined) return undefined;
  try {
    return await listenForRtmp(deps, { host, port });
  } catch (error) {
    deps.log.error({ err: error, port }, 'RTMP cannot be listened for: set RTMP_PORT to a free port');
    return undefined;
  }
}
