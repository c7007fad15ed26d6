/**
 * What may be asked of the switchboard while the runtime runs: rules put in force, ended and listed, and things
 * done at once. It reads what it is given strictly, and knows nothing of HTTP.
 */

import * as z from 'zod';
import { invalid, refused, type Problem } from './problem.ts';
import { pointOf } from './points.ts';
import { ruleSchema, seedSchema, type RuleNames } from './rule.ts';
import { seededRandom } from './seeded-random.ts';
import type { Switchboard } from './switchboard.ts';

/** What can be done at once to the running parts. */
export interface Running {
  /** Settles when the engine serves again; false when it is not the runtime's own. */
  killEngine(): Promise<boolean>;
  /** Whether an invocation was under way. */
  killFunction(name: string): boolean;
  /** The ids of open sockets, oldest first. */
  sockets(): string[];
  cutSocket(connectionId: string, announced: boolean): void;
  scale(): number;
  setScale(scale: number): void;
  /** Deletes what has expired; settles with how many items that were. */
  sweep(): Promise<number>;
}

export interface Control {
  describe(): object;
  add(input: unknown): object | Problem;
  remove(id: string): Problem | undefined;
  clear(): undefined;
  /** Each of these settles with what came of it. */
  now(input: unknown): Promise<object | Problem>;
  scale(input: unknown): object | Problem;
  sweep(): Promise<object>;
}

const fastest = 1_000_000;
const scaleSchema = z.strictObject({ scale: z.number().positive().max(fastest) });

export function createControl(switchboard: Switchboard, names: RuleNames, running: Running): Control {
  const rule = ruleSchema(names);
  const nowSchema = z.discriminatedUnion('point', [
    z.strictObject({ point: z.literal('engine'), action: z.literal('kill') }),
    z.strictObject({
      point: z.literal('invoke'),
      action: z.literal('kill'),
      match: z.strictObject({ function: z.enum(names.functions) }),
    }),
    z.strictObject({
      point: z.literal('socket'),
      action: z.enum(['drop', 'kill']),
      match: z.strictObject({ connectionId: z.string().min(1).optional() }).default({}),
      probability: z.number().min(0).max(1).default(1),
      count: z.int().min(1).default(Infinity),
      seed: seedSchema.optional(),
    }),
  ]);

  function cutSockets(request: Extract<z.output<typeof nowSchema>, { point: 'socket' }>): number {
    const { action, match, probability, count, seed = `${switchboard.seed}/now` } = request;
    const random = seededRandom(String(seed));
    const chosen = running
      .sockets()
      .filter((id) => match.connectionId === undefined || id === match.connectionId)
      .filter(() => random() < probability)
      .slice(0, count);
    for (const id of chosen) running.cutSocket(id, action === 'kill');
    return chosen.length;
  }

  return {
    describe: () => ({
      seed: switchboard.seed,
      scale: running.scale(),
      functions: names.functions,
      points: names.points.map((point) => ({ point, ...pointOf(point) })),
      rules: switchboard.rules(),
    }),
    add(input) {
      const read = Array.isArray(input) ? z.array(rule).min(1).safeParse(input) : rule.safeParse(input);
      if (!read.success) return invalid(read.error);
      const rules = [read.data].flat();
      const ids = rules.flatMap(({ id }) => id ?? []);
      const taken = ids.find((id, index) => switchboard.has(id) || ids.indexOf(id) < index);
      if (taken !== undefined) {
        return {
          ...refused(400, 'Bad Request', `id: There is a rule ${taken} already`),
          errors: [{ path: 'id', message: `There is a rule ${taken} already` }],
        };
      }
      return { rules: switchboard.add(rules) };
    },
    remove: (id) =>
      switchboard.remove(id) ? undefined : refused(404, 'Not Found', `There is no rule ${id}`),
    clear() {
      switchboard.clear();
      return undefined;
    },
    async now(input) {
      const read = nowSchema.safeParse(input);
      if (!read.success) return invalid(read.error);
      const request = read.data;
      if (request.point === 'socket') return { affected: cutSockets(request) };
      const wasHit =
        request.point === 'engine'
          ? await running.killEngine()
          : running.killFunction(request.match.function);
      return { affected: wasHit ? 1 : 0 };
    },
    scale(input) {
      const read = scaleSchema.safeParse(input);
      if (!read.success) return invalid(read.error);
      running.setScale(read.data.scale);
      return read.data;
    },
    sweep: async () => ({ deleted: await running.sweep() }),
  };
}
