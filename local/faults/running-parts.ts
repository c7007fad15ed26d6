/** The parts of a run on which the faults API acts. */

import type { Engine } from '../engine/engine.ts';
import type { FunctionHost } from '../functions/function-host.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { ExpiredItems } from '../streams/expired-items.ts';
import type { RunActions } from './control.ts';
import type { FunctionNames } from './function-names.ts';

/** Filled during the start, because the switchboard is created before these parts. */
export interface RunningParts {
  gateway?: Gateway;
  host?: FunctionHost;
  expiredItems?: ExpiredItems;
}

/** Returns the actions on the parts; an action on a part that has not been started has no effect. */
export function actionsOn(
  parts: RunningParts,
  engine: Pick<Engine, 'kill'>,
  names: FunctionNames,
): RunActions {
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
