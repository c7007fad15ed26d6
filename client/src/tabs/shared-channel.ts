/** What the parts of the multiplexer use: the shared socket, and the tabs at its other end. */
import type { Command } from '../contract/commands.ts';
import type { ServerEvent } from '../contract/events.ts';
import type { Clock } from '../system.ts';

export interface SharedChannel {
  clock: Clock;
  toServer: (command: Command) => void;
  /** Sends events to these tabs. Tabs that do not exist any more receive nothing. */
  toTabs: (tabs: Iterable<number>, events: readonly ServerEvent[]) => void;
  /** Ends the socket, and with it the connection of every tab. */
  fail: () => void;
}

/** A command that a tab has sent, with the `ref` of that tab. */
export type TabCommand<C extends Command = Command> = C & { ref: string };
