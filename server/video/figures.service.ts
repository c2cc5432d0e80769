import { Counter, Gauge, type Registry } from 'prom-client';
import type { Video } from './video.service.ts';

/** The figures of the process with the bus, read when somebody asks for them. */
export function registerVideoFigures(registry: Registry, video: Pick<Video, 'figures'>) {
  const registers = [registry];
  const gauge = (name: string, help: string, read: (figures: ReturnType<Video['figures']>) => number) =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        const value = read(video.figures());
        this.set(Number.isFinite(value) ? value : 0);
      },
    });
  const counter = (name: string, help: string, read: (figures: ReturnType<Video['figures']>) => number) => {
    let before = 0;
    return new Counter({
      ...{ name, help, registers },
      collect() {
        const now = read(video.figures());
        // The process began anew, and counts from the beginning.
        this.inc(now >= before ? now - before : now);
        before = now;
      },
    });
  };
  gauge('video_viewers', 'Viewers over the fragment line at this process', ({ viewers }) => viewers);
  gauge('video_lives', 'Lives that are published through this process', ({ lives }) => lives);
  gauge('video_process_up', '1 while the process with the bus runs', ({ running }) => running);
  gauge('video_recording_failing', '1 while a recording cannot be written', ({ failing }) => failing);
  gauge('video_recordings_bytes', 'Bytes that recordings take on this disk', ({ used }) => used);
  gauge(
    'video_recordings_budget_bytes',
    'Bytes that recordings may take on this disk',
    ({ budget }) => budget,
  );
  counter('video_sent_bytes_total', 'Bytes of media sent to viewers', ({ sentBytes }) => sentBytes);
  counter('video_skipped_total', 'Fragments left out for viewers who were behind', ({ skipped }) => skipped);
  counter('video_dropped_total', 'Packets of publishers that were refused', ({ dropped }) => dropped);
}
