/**
 * Holds the active rules and decides at each point which faults to inject; the callers inject them. Each rule
 * has its own random numbers, so that the same calls in the same order have the same faults.
 */

import { phases, type MatchField, type Phase, type PointName } from './points.ts';
import type { Rule } from './rule.ts';
import { seededRandom } from './seeded-random.ts';

/** A call or an event at a point. */
export interface Occurrence {
  point: PointName;
  /** The fields by which a rule may match it. */
  fields: Partial<Record<MatchField, string | undefined>>;
  /** Returns the text that `contains` searches. */
  text: () => string;
  /** The invocation in which `nth` counts. */
  invocation?: object | undefined;
}

/** A fault to inject, other than a delay. */
export interface Fault {
  action: Exclude<Rule['action'], 'delay'>;
  delayMs?: number;
  status?: number;
  error?: string;
  /** The rule's own random numbers, for actions that need them. */
  random: () => number;
}

export interface PhaseVerdict {
  /** The sum of all delays that apply. */
  delayMs: number;
  fault?: Fault;
}

export type Verdict = Readonly<Record<Phase, Readonly<PhaseVerdict>>>;

export interface RuleReport extends Rule {
  id: string;
  /** How many occurrences have matched the rule. */
  matched: number;
  /** How many of them had the fault injected. */
  fired: number;
}

export interface Switchboard {
  readonly seed: string;
  /** Adds rules after the existing ones and returns them. Their ids must be unused. */
  add(rules: Rule[]): RuleReport[];
  has(id: string): boolean;
  /** Removes a rule; returns false when there is none with that id. */
  remove(id: string): boolean;
  /** Removes all rules and restarts the numbering of ids. */
  clear(): void;
  rules(): RuleReport[];
  /**
   * Decides both phases when a call arrives, so that only the order of arrivals matters. Rules apply in their
   * order: delays add up until a rule with another action fires.
   */
  decide(occurrence: Occurrence): Verdict;
}

interface RuleState {
  report: RuleReport;
  random: () => number;
  /** The number of matching calls of each invocation. */
  calls: WeakMap<object, number>;
}

const noFaults: Verdict = Object.freeze({ before: { delayMs: 0 }, after: { delayMs: 0 } });
/** Actions after which the call is not performed, so that there is no phase `after`. */
const finalActions = new Set<string>(['fail', 'drop', 'kill', 'hang']);

/** Creates a switchboard without rules; rules without their own seed derive it from the seed of the run. */
export function createSwitchboard(seed: string): Switchboard {
  const states = new Map<string, RuleState>();
  let lastNumber = 0;

  function freeId(): string {
    do lastNumber += 1;
    while (states.has(`rule-${lastNumber}`));
    return `rule-${lastNumber}`;
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
      lastNumber = 0;
    },
    rules: () => [...states.values()].map(({ report }) => ({ ...report })),
    decide(occurrence) {
      if (states.size === 0) return noFaults;
      const verdict = { before: verdictOf(phases[0], occurrence), after: noFaults.after };
      if (!finalActions.has(verdict.before.fault?.action ?? ''))
        verdict.after = verdictOf(phases[1], occurrence);
      return verdict;
    },
  };
}

function isMatch(
  { report, calls }: RuleState,
  phase: Phase,
  { point, fields, text, invocation }: Occurrence,
): boolean {
  const { phase: rulePhase = 'before', nth, contains, ...others } = report.match;
  if (report.point !== point || rulePhase !== phase) return false;
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

/** Counts a match. Always draws a random number, so that `after` and `count` do not shift later draws. */
function fires({ report, random }: RuleState): boolean {
  report.matched += 1;
  const isDrawn = random() < report.probability;
  if (!isDrawn || report.matched <= report.after) return false;
  if (report.count !== undefined && report.fired >= report.count) return false;
  report.fired += 1;
  return true;
}
