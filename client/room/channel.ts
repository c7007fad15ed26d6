/** What the parts of a room have in common: a way to send commands, time, and chance. */
import type { Command } from '../../shared/contract/websocket/commands.ts';
import type { Answer } from '../socket/command-answers.ts';
import type { Clock, Random } from '../system.ts';

export interface Channel {
  clock: Clock;
  random: Random;
  /** False when nothing is open. `onAnswer` gets the answers to this very command. */
  send(command: Command, onAnswer?: (answer: Answer) => void): boolean;
  /** Asks the server for a sign of life; the socket is given up without one. */
  probe(): void;
  /** Gives the present socket up for another one. */
  abandon(): void;
}
