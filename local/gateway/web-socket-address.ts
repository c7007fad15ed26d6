/** Which paths are the WebSocket API's own; the edge has its own opinion, by its behaviours. */

export type WebSocketPlace = 'stage' | 'beyond';

// Without a distribution in the template, and without knowing the stage, a client still finds the socket.
const conveniences = new Set(['/', '/ws', '/ws/', '/ws/chat', '/ws/chat/']);

/** A path of the execute-api address: the stage itself, beyond it (which is refused), or another address. */
export function stageAddress(path: string, stage: string): WebSocketPlace | undefined {
  const root = `/${stage}`;
  if (path === root || path === `${root}/`) return 'stage';
  return path.startsWith(`${root}/`) ? 'beyond' : undefined;
}

/** Whether an upgrade on that path means the stage, on this machine only. */
export function isLocalConvenience(path: string): boolean {
  return conveniences.has(path);
}
