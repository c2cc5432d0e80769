import type { Ingest, OpenIngest, Packet, Tracks, Via } from '../../server/video/ingest.rules.ts';

/** What came in over one connection. */
export interface Recorded {
  live: string;
  via: Via;
  publisher: string;
  tracks: Tracks | undefined;
  packets: Packet[];
  ended: string | undefined;
  askForKey: () => void;
}

/** The bus's front for encoders, which keeps all that it is given. */
export function recordingIngest(): { openIngest: OpenIngest; recorded: Recorded[] } {
  const recorded: Recorded[] = [];
  return {
    recorded,
    openIngest({ live, via, publisher }): Ingest {
      const one: Recorded = {
        ...{ live, via, publisher, tracks: undefined, packets: [], ended: undefined },
        askForKey: () => {},
      };
      recorded.push(one);
      return {
        configure: (tracks) => void (one.tracks = tracks),
        push: (packet) => void one.packets.push(packet),
        onKeyFrameWanted: (ask) => void (one.askForKey = ask),
        end: (reason) => void (one.ended = reason),
      };
    },
  };
}
