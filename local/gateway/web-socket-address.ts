/** Recognizes the paths of the WebSocket API. The edge has its own, by its behaviors. */

export type StageAddress = 'stage' | 'beyond';

// These let a client open a socket without knowing the stage, also when the template has no distribution.
const shortcuts = new Set(['/', '/ws', '/ws/', '/ws/chat', '/ws/chat/']);

/** Whether a path is the stage itself or lies beyond it (which is refused); undefined for any other path. */
export function stageAddress(path: string, stage: string): StageAddress | undefined {
  const root = `/${stage}`;
  if (path === root || path === `${root}/`) return 'stage';
  return path.startsWith(`${root}/`) ? 'beyond' : undefined;
}

/** Whether an upgrade on this path opens the stage's socket, which is so in the local runtime only. */
export function isLocalShortcut(path: string): boolean {
  return shortcuts.has(path);
}
