/** A socket that says its part and leaves, whatever comes of it. */
import { WebSocket, type ClientOptions } from 'ws';

export interface Part extends ClientOptions {
  protocols?: string[];
  frames?: string[];
}

/** Opens a socket there, says the frames, and waits until the last was answered; not to be let in is fine too. */
export async function converse(
  address: string,
  { protocols = [], frames = [], ...options }: Part = {},
): Promise<void> {
  const socket = new WebSocket(address, protocols, options);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    // What is refused, or not let in, is closed as well.
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
