import { createServer, type AddressInfo } from 'node:net';
import { Client } from '../support/client.ts';
import { audioTag, prefixed, unit, videoTag } from '../support/rtmp-bytes.ts';
import { publishRtmp, type RtmpPublisher } from '../support/rtmp-publisher.ts';
import { round } from './figures.ts';

/** 30 pictures a second at about 1.2 Mbit/s, a key frame each second; AAC frames of 44.1 kHz. */
const FRAME_MS = 1000 / 30;
const SOUND_MS = (1024 * 1000) / 44_100;
const KEY_BYTES = 22_000;
const DELTA_BYTES = 4_300;
const SOUND_BYTES = 340;
const TURN_MS = 10;
/** How long an encoder waits before it comes again, as OBS does. */
const AWAY_MS = 2_000;

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A stream key of the demonstration's live, made on its page like a host makes it. */
export async function keyFor(url: string, live: string): Promise<string> {
  const client = new Client(url);
  await client.logIn('host@demo.test');
  const page = await (await client.form(`/host/live/${live}/encoders/key`, { seen: '' })).text();
  const key = /data-copy-value>([\w-]{32})</.exec(page)?.[1];
  if (!key) throw new Error('the page shows no stream key');
  return key;
}

/** Sends at the real rate until it is stopped; its clock is this process's. */
export async function createEncoder(port: number, key: string) {
  const delta = prefixed(unit(1, DELTA_BYTES));
  const whole = prefixed(unit(5, KEY_BYTES));
  let publisher: RtmpPublisher;
  let drops = 0;
  let refused = 0;
  let bytes = 0;
  let began = 0;
  let pictures = 0;
  let sounds = 0;

  async function come() {
    for (;;) {
      publisher = await publishRtmp(port, key);
      if (publisher.answer === 'NetStream.Publish.Start') break;
      refused += 1;
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    }
    [began, pictures, sounds] = [performance.now(), 0, 0];
  }

  function turn() {
    const now = performance.now() - began;
    for (; pictures * FRAME_MS <= now; pictures += 1) {
      const isKey = pictures % 30 === 0;
      const body = videoTag(isKey, isKey ? whole : delta);
      publisher.send('video', body, Math.round(pictures * FRAME_MS));
      bytes += body.length;
    }
    for (; sounds * SOUND_MS <= now; sounds += 1) {
      publisher.send('audio', audioTag(SOUND_BYTES), Math.round(sounds * SOUND_MS));
      bytes += SOUND_BYTES;
    }
  }

  await come();
  let timer = setInterval(turn, TURN_MS);
  return {
    drops: () => drops,
    refused: () => refused,
    megabytes: () => round(bytes / 1e6, 1),
    /** The line is gone without a word; two seconds later the encoder comes again. */
    async drop() {
      drops += 1;
      clearInterval(timer);
      publisher.drop();
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      await come();
      timer = setInterval(turn, TURN_MS);
    },
    stop() {
      clearInterval(timer);
      publisher.stop();
    },
  };
}
