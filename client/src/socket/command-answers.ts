/** Matches the server's answers to the client's commands by `ref`, since the gateway does not keep them in order. */
import type { EventOf, ServerEvent } from '../contract/events.ts';
import type { ChatProblem } from '../problem.ts';
import { problemOfFrame } from '../server-problem.ts';

/** An event that carries the command's `ref`, or the problem of an `error` frame that does. */
export type Answer =
  EventOf<'ready'> | EventOf<'history_end'> | EventOf<'left'> | { type: 'error'; problem: ChatProblem };

export type AnswerHandler = (answer: Answer) => void;

export class CommandAnswers {
  #lastRef = 0;
  readonly #handlers = new Map<string, AnswerHandler>();

  /** Returns a `ref` that no other command of this client has. */
  nextRef(): string {
    this.#lastRef += 1;
    return `r${this.#lastRef}`;
  }

  expect(ref: string, onAnswer: AnswerHandler): void {
    this.#handlers.set(ref, onAnswer);
  }

  receive(event: ServerEvent): void {
    if (!('ref' in event) || event.ref === undefined) return;
    const onAnswer = this.#handlers.get(event.ref);
    if (event.type === 'ready') onAnswer?.(event);
    // These are the last answer to their command.
    else if (event.type === 'history_end' || event.type === 'left' || event.type === 'error') {
      this.#handlers.delete(event.ref);
      onAnswer?.(event.type === 'error' ? { type: 'error', problem: problemOfFrame(event) } : event);
    }
  }

  /** Forgets all commands: answers do not outlive their socket. */
  clear(): void {
    this.#handlers.clear();
  }
}
