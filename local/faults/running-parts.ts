/** The parts of a run that the switchboard acts on at once, while they are there. */

import type { Engine } from '../engine/engine.ts';
import type { FunctionHost } from '../functions/function-host.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { ExpiredItems } from '../streams/expired-items.ts';
import type { Running } from './control.ts';
import type { FunctionNames } from './function-names.ts';

/** Filled as the run starts, since the switchboard must be there before the others. */
export interface RunningParts {
  gateway?: Gateway;
  host?: FunctionHost;
  expiredItems?: ExpiredItems;
}

/** What can be done to them; to a part that is not there yet, nothing. */
export function runningOf(parts: RunningParts, engine: Pick<Engine, 'kill'>, names: FunctionNames): Running {
  return {
    killEngine: () => engine.kill(),
    killFunction: (name) => parts.host?.kill(names.idOf(name)) ?? false,
    sockets: () => [...(parts.gateway?.connections() ?? [])].map(({ context }) => context.connectionId),
    cutSocket: (id, announced) => parts.gateway?.connection(id)?.cut(announced),
    scale: () => parts.gateway?.scale() ?? 1,
    setScale: (scale) => parts.gateway?.setScale(scale),
    sweep: async () => (await parts.expiredItems?.sweep()) ?? 0,
  };
}
