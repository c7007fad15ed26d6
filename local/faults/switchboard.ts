/**
 * Owns the rules in force, and decides at each point what is to go wrong. It carries nothing out: those who ask
 * do. All that is random comes from each rule's own seed, so the same calls in the same order meet the same faults.
 */

import { phases, type MatchField, type Phase, type PointName } from './points.ts';
import type { Rule } from './rule.ts';
import { seededRandom } from './seeded-random.ts';

/** One thing that passes a point. */
export interface Occurrence {
  point: PointName;
  /** By what a rule may choose it. */
  fields: Partial<Record<MatchField, string | undefined>>;
  /** What `contains` looks into. */
  text: () => string;
  /** The invocation within which `nth` counts. */
  invocation?: object | undefined;
}

/** What is to go wrong, other than a delay. */
export interface Fault {
  action: Exclude<Rule['action'], 'delay'>;
  delayMs?: number;
  status?: number;
  error?: string;
  /** The rule's own randomness, for an action that needs some. */
  random: () => number;
}

export interface PhaseVerdict {
  /** All delays that apply, in milliseconds. */
  delayMs: number;
  fault?: Fault;
}

export type Verdict = Readonly<Record<Phase, Readonly<PhaseVerdict>>>;

export interface RuleReport extends Rule {
  id: string;
  /** How often something passed that the rule chooses. */
  matched: number;
  /** How often it then did what the rule says. */
  fired: number;
}

export interface Switchboard {
  readonly seed: string;
  /** Puts rules in force, after those that are; returns them. The ids must be free. */
  add(rules: Rule[]): RuleReport[];
  has(id: string): boolean;
  /** Ends one rule; false when there is none of that id. */
  remove(id: string): boolean;
  /** Ends all rules, and begins to count anew. */
  clear(): void;
  rules(): RuleReport[];
  /**
   * Decides both phases at once, when the thing comes to the point, so that the order of arrivals alone decides.
   * Rules are asked in their order: delays add up, until one fires that is more than a delay.
   */
  decide(occurrence: Occurrence): Verdict;
}

interface RuleState {
  report: RuleReport;
  random: () => number;
  /** How many matching calls each invocation has made. */
  calls: WeakMap<object, number>;
}

const nothing: Verdict = Object.freeze({ before: { delayMs: 0 }, after: { delayMs: 0 } });
/** What leaves nothing to be done, and so no phase after it. */
const endings = new Set<string>(['fail', 'drop', 'kill']);

export function createSwitchboard(seed: string): Switchboard {
  const states = new Map<string, RuleState>();
  let made = 0;

  function freeId(): string {
    do made += 1;
    while (states.has(`rule-${made}`));
    return `rule-${made}`;
  }

  function add(rule: Rule): RuleReport {
    const id = rule.id ?? freeId();
    const report: RuleReport = { ...rule, id, matched: 0, fired: 0 };
    const random = seededRandom(rule.seed === undefined ? `${seed}/${id}` : String(rule.seed));
    states.set(id, { report, random, calls: new WeakMap() });
    return { ...report };
  }

  function verdictOf(phase: Phase, occurrence: Occurrence): PhaseVerdict {
    const verdict: PhaseVerdict = { delayMs: 0 };
    for (const state of states.values()) {
      const { report, random } = state;
      if (!isMatch(state, phase, occurrence) || !fires(state)) continue;
      if (report.action === 'delay') {
        verdict.delayMs += report.delayMs ?? 0;
        continue;
      }
      const { action, delayMs, status, error } = report;
      verdict.fault = {
        action,
        random,
        ...(delayMs !== undefined && { delayMs }),
        ...(status !== undefined && { status }),
        ...(error !== undefined && { error }),
      };
      break;
    }
    return verdict;
  }

  return {
    seed,
    add: (rules) => rules.map(add),
    has: (id) => states.has(id),
    remove: (id) => states.delete(id),
    clear() {
      states.clear();
      made = 0;
    },
    rules: () => [...states.values()].map(({ report }) => ({ ...report })),
    decide(occurrence) {
      if (states.size === 0) return nothing;
      const verdict = { before: verdictOf(phases[0], occurrence), after: nothing.after };
      if (!endings.has(verdict.before.fault?.action ?? '')) verdict.after = verdictOf(phases[1], occurrence);
      return verdict;
    },
  };
}

function isMatch(
  { report, calls }: RuleState,
  phase: Phase,
  { point, fields, text, invocation }: Occurrence,
): boolean {
  const { phase: wanted = 'before', nth, contains, ...others } = report.match;
  if (report.point !== point || wanted !== phase) return false;
  for (const [field, value] of Object.entries(others)) {
    if (value !== undefined && fields[field as MatchField] !== value) return false;
  }
  if (contains !== undefined && !text().includes(contains)) return false;
  if (nth === undefined) return true;
  if (invocation === undefined) return false;
  const call = (calls.get(invocation) ?? 0) + 1;
  calls.set(invocation, call);
  return call === nth;
}

/** Counts the match, and draws for it whether or not the draw is needed, so that limits do not shift the draws. */
function fires({ report, random }: RuleState): boolean {
  report.matched += 1;
  const drawn = random() < report.probability;
  if (!drawn || report.matched <= report.after) return false;
  if (report.count !== undefined && report.fired >= report.count) return false;
  report.fired += 1;
  return true;
}
