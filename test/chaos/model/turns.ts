/**
 * Interleaves concurrent work in a random order that is repeatable: each call of the database or of a socket waits
 * for a turn, and the work may be killed at any turn.
 */

import { setTimeout as delay } from 'node:timers/promises';

export interface Lifetime {
  /** The turn at which the work is killed, from 1; and whether the step of that turn still takes effect. */
  killAtTurn?: number;
  killAfterStep?: boolean;
}

export interface Turns {
  /** Returns the function with which work of that lifetime takes its steps. */
  stepsWithin(lifetime?: Lifetime): <T>(step: () => T) => Promise<T>;
  /** Begins work that takes turns. Resolves with `killed` when it was killed. */
  begin(
    work: (take: <T>(step: () => T) => Promise<T>) => Promise<void>,
    lifetime?: Lifetime,
  ): Promise<'done' | 'killed'>;
  /** Gives turns until none is waited for. `more` may begin further work, and returns whether it did. */
  untilQuiet(more: () => boolean): Promise<void>;
}

const nextMacrotask = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export function turns(random: () => number, onTurn: () => void): Turns {
  const waiting: (() => void)[] = [];
  let working = 0;

  function stepsWithin({ killAtTurn, killAfterStep }: Lifetime = {}, killed: () => void = () => undefined) {
    let taken = 0;
    return async <T>(step: () => T): Promise<T> => {
      await new Promise<void>((resolve) => void waiting.push(resolve));
      onTurn();
      taken += 1;
      const isLast = killAtTurn !== undefined && taken >= killAtTurn;
      if (isLast && (taken > killAtTurn || killAfterStep !== true)) return end(killed);
      const outcome = step();
      return isLast ? end(killed) : outcome;
    };
  }

  return {
    stepsWithin,
    begin(work, lifetime) {
      working += 1;
      return new Promise((resolve, reject) => {
        let isOver = false;
        const over = (how: () => void): void => {
          if (isOver) return;
          isOver = true;
          working -= 1;
          how();
        };
        work(stepsWithin(lifetime, () => over(() => resolve('killed')))).then(
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
function end(killed: () => void): Promise<never> {
  killed();
  return new Promise(() => undefined);
}
