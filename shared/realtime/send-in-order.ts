/** Sending several frames to one socket in their order. */
import type { ServerEvent } from '../contract/websocket/events.ts';
import type { Connection } from '../domain/model.ts';
import type { PostOutcome, ConnectionGateway } from './connection-gateway.ts';
import { packFrames, type Frames } from './pack-frames.ts';

type Socket = Pick<Connection, 'connectionId' | 'batch'>;

export function sendInOrder(
  ports: { connectionGateway: ConnectionGateway },
  socket: Socket,
  events: readonly ServerEvent[],
): Promise<PostOutcome> {
  return sendFrames(ports, socket, packFrames(events));
}

/** Posts made at the same time may overtake each other, so each waits for the one before it. */
export async function sendFrames(
  { connectionGateway }: { connectionGateway: ConnectionGateway },
  { connectionId, batch }: Socket,
  { plain, batched }: Frames,
): Promise<PostOutcome> {
  for (const frame of batch ? batched : plain) {
    const outcome = await connectionGateway.post(connectionId, frame);
    if (outcome !== 'sent') return outcome;
  }
  return 'sent';
}
