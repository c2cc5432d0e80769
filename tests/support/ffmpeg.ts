import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

/** Whether ffmpeg and ffprobe are on this machine; said out loud where they are not, as tests are then left out. */
export const hasFfmpeg = ['ffmpeg', 'ffprobe'].every((name) => spawnSync(name, ['-version']).status === 0);
if (!hasFfmpeg)
  console.warn('Tests with ffmpeg were left out: neither found nor in PATH (apt install ffmpeg).');

export interface Sending {
  child: ChildProcess;
  /** What it complained about, once it has ended. */
  ended: Promise<{ code: number | null; words: string }>;
  stop(): Promise<void>;
}

/** A moving test picture with a tone, in real time, as OBS would send it with its usual settings. */
export function sendRtmp(url: string, { codec = 'libx264' } = {}): Sending {
  const child = spawn(
    'ffmpeg',
    [
      ...['-hide_banner', '-nostdin', '-v', 'error', '-re'],
      ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30'],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'],
      ...['-c:v', codec, '-b:v', '1200k', '-pix_fmt', 'yuv420p', '-g', '30'],
      // Pictures in another order than they are shown in, as x264 makes them unless it is told not to.
      ...(codec === 'libx264' ? ['-preset', 'veryfast', '-bf', '2'] : []),
      ...['-c:a', 'aac', '-b:a', '96k', '-t', '120', '-f', 'flv', url],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let words = '';
  child.stderr.on('data', (data: Buffer) => (words += data.toString()));
  const ended = new Promise<{ code: number | null; words: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, words })),
  );
  return {
    child,
    ended,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * Decodes a whole file or address. The other process must not be waited for idly: it may ask the shop in this one.
 *
 * @returns frames and size of its picture, codec of its sound, and every complaint
 */
export async function decode(source: string) {
  const [probe, decoded] = await Promise.all([
    run('ffprobe', [
      ...['-v', 'error', '-count_frames', '-of', 'json'],
      ...['-show_entries', 'stream=codec_type,codec_name,width,height,nb_read_frames', source],
    ]),
    // Times as they are: at a fixed rate, pictures of a rate that varies would be complained about.
    run('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-i', source],
      ...['-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'null', '-'],
    ]),
  ]);
  const { streams = [] } = JSON.parse(probe.out || '{}') as {
    streams?: Record<string, string | number>[];
  };
  const video = streams.find((stream) => stream['codec_type'] === 'video');
  const audio = streams.find((stream) => stream['codec_type'] === 'audio');
  return {
    complaints: decoded.words,
    video: video && {
      codec: video['codec_name'],
      width: video['width'],
      height: video['height'],
      frames: Number(video['nb_read_frames']),
    },
    audio: audio && { codec: audio['codec_name'], frames: Number(audio['nb_read_frames']) },
  };
}

function run(name: string, args: string[]): Promise<{ out: string; words: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const read = { out: '', words: '' };
    child.stdout.on('data', (data: Buffer) => (read.out += data.toString()));
    child.stderr.on('data', (data: Buffer) => (read.words += data.toString()));
    child.once('error', reject);
    child.once('close', () => resolve(read));
  });
}
