/**
 * One thing at a time, in an order drawn from a seed: whoever waits for the database or a socket waits for a turn,
 * and may die at any of them. It knows nothing of what is done in a turn.
 */

import { setTimeout as delay } from 'node:timers/promises';

export interface Life {
  /** At which of its turns it ends, and whether what it does there is still done. */
  diesAt?: number;
  diesAfterStep?: boolean;
}

export interface Turns {
  /** How somebody with that life takes steps. */
  livedBy(life?: Life): <T>(step: () => T) => Promise<T>;
  /** Begins something that takes turns. `onEnd` says whether it died. */
  begin(
    work: (take: <T>(step: () => T) => Promise<T>) => Promise<void>,
    life?: Life,
  ): Promise<'done' | 'died'>;
  /** Gives turns until nobody waits for one; `more` may begin further work, and says whether it did. */
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
        // What follows begins while others are still at work, or after them.
        if (random() < 0.2) more();
        const [chosen] = waiting.splice(Math.floor(random() * waiting.length), 1);
        if (chosen !== undefined) chosen();
        else if (working > 0) await delay(5);
        else if (!more()) return;
      }
    },
  };
}

/** Never: a function that died answers nobody. */
function end(died: () => void): Promise<never> {
  died();
  return new Promise(() => undefined);
}
