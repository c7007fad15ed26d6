/** The template of a stage, as the CDK app synthesizes it, for the tests beside this file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import { buildApp, type AppOptions } from '../../infra/app.ts';
import type { FunctionName } from '../../infra/functions.ts';

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, string[]>>;
}

const assemblies = mkdtempSync(join(tmpdir(), 'infra-test-'));
afterAll(() => rmSync(assemblies, { recursive: true, force: true }));

/** The app of a stage with empty functions and without validations, and its one stack. */
export function stackOf(stage: string, options: Partial<AppOptions> = {}) {
  const app = buildApp({
    stage,
    outdir: mkdtempSync(join(assemblies, 'app-')),
    fast: true,
    code: 'none',
    ...options,
  });
  return { app, stack: only(app.node.findAll().filter(Stack.isStack), 'stack') };
}

export function synthesize(stage: string, environment: NodeJS.ProcessEnv = {}): Template {
  return Template.fromStack(stackOf(stage, { environment }).stack);
}

/** Resources of a type by logical id. */
export function resourcesOf(template: Template, type: string): ReturnType<Template['findResources']> {
  return template.findResources(type);
}

/** The only entry of what should have one. */
function only<T>(found: T[], what: string): T {
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) throw new Error(`Not one but ${found.length}: ${what}`);
  return first;
}

/** The only resource of a type. */
export function onlyOf(template: Template, type: string) {
  return only(Object.values(resourcesOf(template, type)), type);
}

/** The resource of a function's own scope, such as its role, by the start of the logical id. */
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

/** All statements of the role that the function runs with. */
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
