/**
 * The operations of the faults API: adding, removing and listing rules, and acting on running parts at once.
 * Input is validated strictly.
 */

import * as z from 'zod';
import { invalid, refused, type Problem } from './problem.ts';
import { pointOf } from './points.ts';
import { ruleSchema, seedSchema, type RuleNames } from './rule.ts';
import { seededRandom } from './seeded-random.ts';
import type { Switchboard } from './switchboard.ts';

/** The immediate actions on the running parts. */
export interface RunActions {
  /** Settles when the engine has been restarted; with false when the runtime did not start the engine. */
  killEngine(): Promise<boolean>;
  /** Drops the functions' idle connections to the database without notice; returns their number. */
  silenceDatabase(): number;
  /** Returns whether the function was running an invocation. */
  killFunction(name: string): boolean;
  /** Returns the connection ids of the open sockets, oldest first. */
  sockets(): string[];
  /** Drops a socket; calls `$disconnect` only if `announced`. */
  cutSocket(connectionId: string, announced: boolean): void;
  /** Returns the factor by which the time limits of sockets are shortened. */
  scale(): number;
  setScale(scale: number): void;
  /** Deletes the expired items; settles with their number. */
  sweep(): Promise<number>;
  /** Makes the objects of all buckets older, and deletes those that their lifecycle ends; returns their number. */
  passDays(days: number): number;
}

export interface Control {
  describe(): object;
  add(input: unknown): object | Problem;
  remove(id: string): Problem | undefined;
  clear(): undefined;
  /** Performs an immediate action; settles with the number of affected sockets, connections, functions or engines. */
  now(input: unknown): Promise<object | Problem>;
  scale(input: unknown): object | Problem;
  sweep(): Promise<object>;
  days(input: unknown): object | Problem;
}

const maxScale = 1_000_000;
const maxDays = 3_650;
const daysSchema = z.strictObject({ days: z.int().min(1).max(maxDays) });
const scaleSchema = z.strictObject({ scale: z.number().positive().max(maxScale) });

/** Creates the operations of the faults API for one run. */
export function createControl(switchboard: Switchboard, names: RuleNames, actions: RunActions): Control {
  const rule = ruleSchema(names);
  const nowSchema = z.discriminatedUnion('point', [
    z.strictObject({ point: z.literal('engine'), action: z.literal('kill') }),
    z.strictObject({ point: z.literal('database'), action: z.literal('hang') }),
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
    const chosen = actions
      .sockets()
      .filter((id) => match.connectionId === undefined || id === match.connectionId)
      .filter(() => random() < probability)
      .slice(0, count);
    for (const id of chosen) actions.cutSocket(id, action === 'kill');
    return chosen.length;
  }

  return {
    describe: () => ({
      seed: switchboard.seed,
      scale: actions.scale(),
      functions: names.functions,
      points: names.points.map((point) => ({ point, ...pointOf(point) })),
      rules: switchboard.rules(),
    }),
    add(input) {
      const read = Array.isArray(input) ? z.array(rule).min(1).safeParse(input) : rule.safeParse(input);
      if (!read.success) return invalid(read.error);
      const rules = [read.data].flat();
      const ids = rules.flatMap(({ id }) => id ?? []);
      const duplicate = ids.find((id, index) => switchboard.has(id) || ids.indexOf(id) < index);
      if (duplicate !== undefined) {
        return {
          ...refused(400, 'Bad Request', `id: A rule with the id ${duplicate} already exists.`),
          errors: [{ path: 'id', message: `A rule with the id ${duplicate} already exists.` }],
        };
      }
      return { rules: switchboard.add(rules) };
    },
    remove: (id) =>
      switchboard.remove(id) ? undefined : refused(404, 'Not Found', `There is no rule with the id ${id}.`),
    clear() {
      switchboard.clear();
      return undefined;
    },
    async now(input) {
      const read = nowSchema.safeParse(input);
      if (!read.success) return invalid(read.error);
      const request = read.data;
      if (request.point === 'socket') return { affected: cutSockets(request) };
      if (request.point === 'database') return { affected: actions.silenceDatabase() };
      const wasHit =
        request.point === 'engine'
          ? await actions.killEngine()
          : actions.killFunction(request.match.function);
      return { affected: wasHit ? 1 : 0 };
    },
    scale(input) {
      const read = scaleSchema.safeParse(input);
      if (!read.success) return invalid(read.error);
      actions.setScale(read.data.scale);
      return read.data;
    },
    sweep: async () => ({ deleted: await actions.sweep() }),
    days(input) {
      const read = daysSchema.safeParse(input);
      return read.success ? { deleted: actions.passDays(read.data.days) } : invalid(read.error);
    },
  };
}
