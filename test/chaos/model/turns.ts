/**
 * Interleaves concurrent work in a random order that is repeatable: each call of the database or of a socket waits
 * for a turn, and the work may be killed at any turn.
 */

import { setTimeout as delay } from 'node:timers/promises';

export interface Life {
  /** The turn at which the work is killed, from 1; and whether the step of that turn still takes effect. */
  diesAt?: number;
  diesAfterStep?: boolean;
}

export interface Turns {
  /** Returns the function with which work of that lifetime takes its steps. */
  livedBy(life?: Life): <T>(step: () => T) => Promise<T>;
  /** Begins work that takes turns. Resolves with `died` when it was killed. */
  begin(
    work: (take: <T>(step: () => T) => Promise<T>) => Promise<void>,
    life?: Life,
  ): Promise<'done' | 'died'>;
  /** Gives turns until none is waited for. `more` may begin further work, and returns whether it did. */
  untilQuiet(more: () => boolean): Promise<void>;
}

const nextMacrotask = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export function turns(random: () => number, onTurn: () => void): Turns {
  const waiting: (() => void)[] = [];
  let working = 0;

  function livedBy({ diesAt, diesAfterStep }: Life = {}, died: () => void = () => undefined) {
    let taken = 0;
    return async <T>(step: () => T): Promise<T> => {
      await new Promise<void>((resolve) => void waiting.push(resolve));
      onTurn();
      taken += 1;
      const isLast = diesAt !== undefined && taken >= diesAt;
      if (isLast && (taken > diesAt || diesAfterStep !== true)) return end(died);
      const outcome = step();
      return isLast ? end(died) : outcome;
    };
  }

  return {
    livedBy,
    begin(work, life) {
      working += 1;
      return new Promise((resolve, reject) => {
        let isOver = false;
        const over = (how: () => void): void => {
          if (isOver) return;
          isOver = true;
          working -= 1;
          how();
        };
        work(livedBy(life, () => over(() => resolve('died')))).then(
          () => over(() => resolve('done')),
          (error: Error) => over(() => reject(error)),
        );
      });
    },
    async untilQuiet(more) {
      for (;;) {
        await nextMacrotask();
        // Further work begins while other work is running, or after it.
        if (random() < 0.2) more();
        const [chosen] = waiting.splice(Math.floor(random() * waiting.length), 1);
        if (chosen !== undefined) chosen();
        else if (working > 0) await delay(5);
        else if (!more()) return;
      }
    },
  };
}

/** Never resolves: a function that was killed does not answer. */
function end(died: () => void): Promise<never> {
  died();
  return new Promise(() => undefined);
}
