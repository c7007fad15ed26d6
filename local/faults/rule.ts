/** The schema of a rule, which rejects everything that would have no effect. */

import * as z from 'zod';
import { actions, matchFields, operations, phases, pointOf, type Point, type PointName } from './points.ts';

/** The maximum timeout of a function. */
const maxDelayMs = 900_000;

/** The names in rules that depend on the run. */
export interface RuleNames {
  /** The points of this run. */
  points: readonly PointName[];
  /** Returns the short name of a function, undefined for an unknown function. */
  resolveFunction: (name: string) => string | undefined;
  functions: readonly string[];
  routes: readonly string[];
}

export const seedSchema = z.union([z.int(), z.string().min(1).max(100)]);

function matchSchema({ resolveFunction, functions, routes }: RuleNames) {
  return z.strictObject({
    function: z
      .string()
      .transform((name, context) => {
        const found = resolveFunction(name);
        if (found !== undefined) return found;
        context.addIssue({
          code: 'custom',
          message: `There is no such function. Expected one of ${functions.join(', ')}.`,
        });
        return z.NEVER;
      })
      .optional(),
    operation: z.enum(operations).optional(),
    phase: z.enum(phases).optional(),
    key: z.string().min(1).max(1_024).optional(),
    nth: z.int().min(1).optional(),
    contains: z.string().min(1).max(1_000).optional(),
    route: z.enum(routes).optional(),
    method: z.enum(['POST', 'GET', 'DELETE']).optional(),
    connectionId: z.string().min(1).max(100).optional(),
    event: z.enum(['open', 'receive', 'send']).optional(),
  });
}

/** Creates the schema of a rule; its errors name the field and the possible values. */
export function ruleSchema(names: RuleNames) {
  return z
    .strictObject({
      id: z.stringFormat('id', /^[\w-]{1,64}$/).optional(),
      point: z.enum(names.points),
      action: z.enum(actions),
      probability: z.number().min(0).max(1).default(1),
      count: z.int().min(1).optional(),
      after: z.int().min(0).default(0),
      seed: seedSchema.optional(),
      delayMs: z.int().min(0).max(maxDelayMs).optional(),
      status: z.int().min(400).max(599).optional(),
      error: z.stringFormat('error type', /^[\w.]{1,100}$/).optional(),
      match: matchSchema(names).default({}),
    })
    .superRefine((rule, context) => {
      const refuse = (path: string[], message: string): void =>
        context.addIssue({ code: 'custom', path, message });
      const point = pointOf(rule.point);
      const possible = point.actions[rule.action];
      if (possible === undefined) {
        const known = Object.keys(point.actions).join(', ');
        return refuse(['action'], `The point ${rule.point} does not support ${rule.action}, only ${known}.`);
      }
      const phase = rule.match.phase ?? 'before';
      if (!possible.includes(phase))
        refuse(
          ['match', 'phase'],
          `At ${rule.point}, ${rule.action} supports only the phase ${possible.join(' or ')}.`,
        );
      for (const field of matchFields) {
        if (rule.match[field] !== undefined && !point.match.includes(field))
          refuse(
            ['match', field],
            `The point ${rule.point} can be matched only by ${point.match.join(', ')}.`,
          );
      }
      const { operation } = rule.match;
      if (operation !== undefined && point.operations?.includes(operation) === false)
        refuse(['match', 'operation'], `The operations at ${rule.point} are ${point.operations.join(', ')}.`);
      if (rule.action === 'delay' && rule.delayMs === undefined)
        refuse(['delayMs'], 'The action delay needs delayMs, in milliseconds.');
      refuseUnusedFields(rule, point, refuse);
    });
}

function refuseUnusedFields(
  {
    action,
    point: name,
    status,
    error,
  }: { action: string; point: string; status?: unknown; error?: unknown },
  point: Point,
  refuse: (path: string[], message: string) => void,
): void {
  if (action !== 'fail') {
    if (status !== undefined) refuse(['status'], 'Only the action fail has a status.');
    if (error !== undefined) refuse(['error'], 'Only the action fail has an error.');
  } else if (status !== undefined && !point.failsWithStatus) {
    refuse(['status'], `At ${name}, fail has an error but no status.`);
  }
}

export type Rule = z.output<ReturnType<typeof ruleSchema>>;
