/** What the parts of a room share: a way to send commands, a clock and randomness. */
import type { Command } from '../contract/commands.ts';
import type { AnswerHandler } from '../socket/command-answers.ts';
import type { Clock, Random } from '../system.ts';

export interface Channel {
  clock: Clock;
  random: Random;
  /** Sends a command. Returns false when that is not possible now. `onAnswer` receives the answers to this command. */
  send(command: Command, onAnswer?: AnswerHandler): boolean;
  /** Asks the server for a `pong`, and ends the socket when none comes in time. */
  probe(): void;
  /** Ends the socket; the connection opens another one. */
  abandon(): void;
}
