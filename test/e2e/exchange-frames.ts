/** A socket that sends some frames and closes, whatever the server answers. */
import { WebSocket, type ClientOptions } from 'ws';

export interface Exchange extends ClientOptions {
  protocols?: string[];
  frames?: string[];
}

/** Sends frames on a new socket, waits until the last one was answered, and closes. A refused handshake is no error. */
export async function exchangeFrames(
  url: string,
  { protocols = [], frames = [], ...options }: Exchange = {},
): Promise<void> {
  const socket = new WebSocket(url, protocols, options);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    // A socket whose handshake was refused also emits `close`.
    socket.once('error', () => {});
    socket.once('open', () => {
      for (const frame of frames) socket.send(frame);
      socket.send('{"type":"ping"}');
    });
    socket.on('message', (data) => {
      if ((data as Buffer).toString().includes('"pong"')) socket.close();
    });
  });
}
