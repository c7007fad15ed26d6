/** The form of one row of the settings, and the names that its columns use. */
import type { Parser } from './parsers.ts';

export const stageNames = ['local', 'dev', 'staging', 'prod'] as const;

/** The deployment stages. */
export type StageName = (typeof stageNames)[number];

/** The Lambda functions; infra/functions.ts describes each of them. */
export type FunctionName =
  | 'accounts'
  | 'chat'
  | 'docs'
  | 'connect'
  | 'message'
  | 'disconnect'
  | 'tableStream'
  | 'fanOut'
  | 'welcome'
  | 'inbox'
  | 'cleanup'
  | 'uploads'
  | 'canary';

/** The sections of docs/settings.md. */
export type Topic = 'Accounts' | 'Connections' | 'Limits of one user' | 'Deployment' | 'Edge' | 'Operation';

/** The values that a setting may have; undefined where there is no default. */
export type SettingValue = string | number | boolean | string[] | undefined;

export interface Setting<T = SettingValue, F extends FunctionName = FunctionName> {
  topic: Topic;
  /** The environment variable that replaces the default at synthesis, and that passes the value to a function. */
  variable: string;
  parser: Parser<T>;
  defaults: Readonly<Record<StageName, T>>;
  /** The functions whose environment holds the variable. Empty when only the stack itself uses the value. */
  readBy: readonly F[];
  /** What a number counts; absent for other values. */
  unit?: string;
  description: string;
  /** The stages that are not deployed without a value, unless `WAIVED_SETTINGS` names the variable. */
  requiredIn?: readonly StageName[];
}

/** The defaults of a row. `staging` rehearses `prod`, so it has the default of `prod` unless the row has one for it. */
export type Defaults<T> = Readonly<Record<Exclude<StageName, 'staging'>, T> & { staging?: T }>;

/** Returns the row; exists so that the type of the value is inferred from its parser. */
export function setting<T, const F extends FunctionName = never>(
  row: Omit<Setting<T, F>, 'defaults'> & { defaults: Defaults<NoInfer<T>> },
): Setting<T, F> {
  return { ...row, defaults: { staging: row.defaults.prod, ...row.defaults } };
}

/** The same default for every stage. */
export function everyStage<T>(value: T): Record<StageName, T> {
  return { local: value, dev: value, staging: value, prod: value };
}

/** A variable whose value is missing or not accepted. */
export interface InvalidVariable {
  variable: string;
  /** Undefined when the variable is missing. */
  text: string | undefined;
  /** What its parser accepts, such as "a whole number from 4 to 15". */
  accepts: string;
}

/** Thrown with all invalid variables at once, so that one attempt shows all that has to be corrected. */
export class InvalidEnvironmentError extends Error {
  override readonly name = 'InvalidEnvironmentError';
  readonly variables: readonly InvalidVariable[];

  constructor(subject: string, variables: readonly InvalidVariable[]) {
    super(`${subject}: ${variables.map(describe).join('; ')}`);
    this.variables = variables;
  }
}

function describe({ variable, text, accepts }: InvalidVariable): string {
  return `${variable} is ${text === undefined ? 'missing' : `"${text}"`}, expected ${accepts}`;
}
