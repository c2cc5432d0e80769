import { WebSocket } from 'ws';
import { WATCH_PATH, type FromViewer, type ToViewer } from '../../server/video/watch.events.ts';
import { until } from './client.ts';

/** Takes a live as a viewer's page does, and keeps what came. */
export async function watch(url: string, live: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${WATCH_PATH}${live}`);
  const said: ToViewer[] = [];
  let parts: Buffer[] = [];
  let bytes = 0;
  let closed = false;
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) {
      const message = JSON.parse(data.toString()) as ToViewer;
      said.push(message);
      // What follows begins anew: it is a file of its own.
      if (message.type === 'begin') parts = [];
      return;
    }
    bytes += data.length;
    parts.push(data);
    socket.send(JSON.stringify({ type: 'got', bytes } satisfies FromViewer));
  });
  socket.on('close', () => (closed = true));
  socket.on('error', () => (closed = true));
  await until(
    () => socket.readyState,
    (state) => state === WebSocket.OPEN || closed,
  );
  return {
    said,
    fragments: () => Math.max(0, parts.length - 1),
    /** From the last beginning on: an MP4 that can be decoded. */
    file: () => Buffer.concat(parts),
    /** Of the last beginning. */
    begin: () => said.findLast((message) => message.type === 'begin'),
    isOff: () => said.at(-1)?.type === 'off',
    close: () => socket.terminate(),
  };
}
