/** Synthesizes the template of a stage and finds resources in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { buildApp, type AppOptions } from '../../infra/app.ts';
import type { FunctionName } from '../../infra/functions.ts';
import { keptText } from '../kit/builds.ts';

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, string[]>>;
}

const assemblies = mkdtempSync(join(tmpdir(), 'infra-test-'));
// Test files that run in one worker share this module, so the folder lasts as long as the worker does.
process.once('exit', () => rmSync(assemblies, { recursive: true, force: true }));

/** Lets tests synthesize production with its defaults alone. */
const waived = { WAIVED_SETTINGS: 'ALLOWED_ORIGINS,ALARM_EMAIL' };

/** Returns the app of a stage, with empty functions and without validations, and its only stack. */
export function stackOf(stage: string, { environment, ...options }: Partial<AppOptions> = {}) {
  const app = buildApp({
    stage,
    outdir: mkdtempSync(join(assemblies, 'app-')),
    fast: true,
    code: 'none',
    environment: { ...waived, ...environment },
    ...options,
  });
  return { app, stack: only(app.node.findAll().filter(Stack.isStack), 'stack') };
}

/** Returns the template of a stage; it is synthesized once in a test run for each environment. */
export function synthesize(stage: string, environment: NodeJS.ProcessEnv = {}): Template {
  const text = keptText(
    JSON.stringify([
      'template',
      stage,
      Object.entries(environment).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ]),
    () => JSON.stringify(Template.fromStack(stackOf(stage, { environment }).stack).toJSON()),
  );
  return Template.fromJSON(JSON.parse(text));
}

/** Returns the resources of a type by logical id. */
export function resourcesOf(template: Template, type: string): ReturnType<Template['findResources']> {
  return template.findResources(type);
}

/** Returns the only element; throws when there are none or several. */
function only<T>(found: T[], what: string): T {
  const [first, ...others] = found;
  if (first === undefined || others.length > 0)
    throw new Error(`Expected one ${what}, found ${found.length}`);
  return first;
}

/** Returns the only resource of a type. */
export function onlyOf(template: Template, type: string) {
  return only(Object.values(resourcesOf(template, type)), type);
}

/** Returns the resource in a function's scope, such as its role, by the start of the logical id. */
function ownedBy(template: Template, name: FunctionName, type: string) {
  const found = Object.entries(resourcesOf(template, type)).filter(([id]) => id.startsWith(name));
  return only(found, `${type} of ${name}`);
}

interface FunctionProperties extends Record<string, unknown> {
  Environment: { Variables: Record<string, unknown> };
  LoggingConfig: { LogGroup: { Ref: string } } & Record<string, unknown>;
  Role: { 'Fn::GetAtt': [string, string] };
}

export function functionNamed(template: Template, name: FunctionName): FunctionProperties {
  return ownedBy(template, name, 'AWS::Lambda::Function')[1]['Properties'];
}

export function functionId(template: Template, name: FunctionName): string {
  return ownedBy(template, name, 'AWS::Lambda::Function')[0];
}

export function environmentOf(template: Template, name: FunctionName): Record<string, unknown> {
  return functionNamed(template, name).Environment.Variables;
}

interface PolicyProperties {
  Roles: { Ref: string }[];
  PolicyDocument: { Statement: Statement[] };
}

/** Returns all statements of the function's role. */
export function statementsOf(template: Template, name: FunctionName): Statement[] {
  const [roleId] = ownedBy(template, name, 'AWS::IAM::Role');
  const policies = Object.values(resourcesOf(template, 'AWS::IAM::Policy'));
  return policies
    .map(({ Properties }): PolicyProperties => Properties)
    .filter(({ Roles }) => Roles.some((role) => role.Ref === roleId))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

export function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
