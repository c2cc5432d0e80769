import { z } from 'zod';
import type { StudioTracks } from './program.service.ts';
import type { FromPublisher, FromViewer } from './watch.events.ts';

const choice = z.enum(['auto', 'high', 'low', 'sound']);

const viewerMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('got'), bytes: z.int().min(0) }),
  z.strictObject({ type: z.literal('choose'), choice }),
]);

const base64 = z
  .string()
  .max(8_192)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/);
const side = z.int().min(16).max(1_920);
const video = z.strictObject({ codec: z.string().max(32), description: base64, width: side, height: side });

const publisherMessage = z.strictObject({
  type: z.literal('tracks'),
  video: video.optional(),
  low: video.optional(),
  audio: z
    .strictObject({
      codec: z.enum(['mp4a.40.2', 'opus']),
      description: base64,
      sampleRate: z.int().min(8_000).max(48_000),
      channels: z.int().min(1).max(2),
    })
    .optional(),
});

const MAX_TEXT = 32_768;

function json(data: unknown): unknown {
  const text = String(data);
  if (text.length > MAX_TEXT) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns undefined for what no viewer of ours says */
export function fromViewer(data: unknown): FromViewer | undefined {
  return viewerMessage.safeParse(json(data)).data;
}

export function toChoice(text: string | null) {
  return choice.safeParse(text).data ?? 'auto';
}

/** @returns undefined for what no page of ours says */
export function fromPublisher(data: unknown): StudioTracks | undefined {
  const parsed = publisherMessage.safeParse(json(data)).data satisfies FromPublisher | undefined;
  if (!parsed) return undefined;
  const bytes = <T extends { description: string }>(track: T) => ({
    ...track,
    description: Uint8Array.from(Buffer.from(track.description, 'base64')),
  });
  return {
    ...(parsed.video ? { video: bytes(parsed.video) } : {}),
    ...(parsed.low ? { low: bytes(parsed.low) } : {}),
    ...(parsed.audio ? { audio: bytes(parsed.audio) } : {}),
  };
}

const narrow = z.coerce.number().int().min(0).max(8);

/** How often a viewer's line was too narrow of late; what cannot be is never. */
export function toNarrow(text: string | null): number {
  return narrow.safeParse(text ?? 0).data ?? 0;
}
