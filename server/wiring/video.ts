import { join } from 'node:path';
import {
  createHandovers,
  createHandoverStore,
  createKeyStore,
  createLeaseStore,
  createRecordings,
  createRecordingStore,
  createStreamKeys,
  createVideo,
  registerVideoFigures,
  type LiveState,
} from '../video/index.ts';
import type { Ground } from './platform.ts';

type Below = Ground & { here: { url: string }; stateOf: (live: string) => Promise<LiveState> };

export type VideoServices = ReturnType<typeof wireVideo>;

export function wireVideo({ config, db, clock, log, metrics, secret, here, stateOf }: Below) {
  const address = () => here.url;
  const folder = join(config.dataDir, 'recordings');

  const streamKeys = createStreamKeys({
    ...{ store: createKeyStore(db), clock },
    async takesIn(live) {
      const state = await stateOf(live);
      return state !== undefined && state !== 'ended';
    },
  });
  const handovers = createHandovers({
    ...{ store: createHandoverStore(db), clock, secret, vouch: streamKeys.vouch },
  });
  const recordings = createRecordings({
    ...{ store: createRecordingStore(db), clock, log, folder, address },
    ...{ budgetGb: config.recordingBudgetGb, keepDays: config.recordingDays },
    fetchIndex: async ({ _id, address: keeper }) => {
      const answer = await fetch(`${keeper}/video/recordings/${_id}/index.jsonl`);
      return answer.ok ? answer.text() : '';
    },
  });
  const video = createVideo({
    ...{ leases: createLeaseStore(db), recordings, gate: streamKeys.gate, clock, log, address, stateOf },
    settings: {
      ...{ host: config.host, folder, logLevel: config.logLevel, rtmpPort: config.rtmpPort },
      whip: { port: config.whipUdpPort, publicAddress: config.whipPublicAddress },
    },
  });
  registerVideoFigures(metrics.registry, video);
  return { streamKeys, handovers, recordings, video };
}
