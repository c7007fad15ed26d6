import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAssembly } from '../../../local/template/assembly.ts';
import type { RawResource, RawTemplate } from '../../../local/template/cloudformation.ts';
import { readStack } from '../../../local/template/read-stack.ts';
import { buildApp } from '../start/fixture/app.ts';

const directory = mkdtempSync(join(tmpdir(), 'roles-'));
const bundles = join(directory, 'bundles');
for (const name of ['api', 'socket', 'stream']) mkdirSync(join(bundles, name), { recursive: true });
const outdir = join(directory, 'assembly');
buildApp({ stage: 'local', outdir, environment: { FIXTURE_BUNDLES: bundles } }).synth();
const assembly = readAssembly(outdir);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const idOf = (template: RawTemplate, type: string, prefix: string): string =>
  Object.keys(template.Resources).find(
    (id) => template.Resources[id]!.Type === type && id.startsWith(prefix),
  )!;

/** Reads the role of `api` after a change of the template. */
function roleAfter(change: (template: RawTemplate, properties: Record<string, any>) => void) {
  const template = structuredClone(assembly.template);
  change(template, template.Resources[idOf(template, 'AWS::IAM::Role', 'api')]!.Properties!);
  const stack = readStack({
    ...assembly,
    template,
    stage: 'local',
    region: 'us-east-1',
    accountId: '000000000000',
  });
  return stack.functions.find(({ logicalId }) => logicalId.startsWith('api'))!.role;
}

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const policy = (properties: object): RawResource => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { PolicyDocument: { Statement: [statement] }, ...properties },
});

describe('the role of a function', () => {
  it('has the statements of its policies with resolved resources', () => {
    const { name, statements } = roleAfter(() => {});
    expect(name).toMatch(/^apiServiceRole/);
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: ['dynamodb:*Item', 'dynamodb:Query'],
      Resource: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:000000000000:table\/Table\w+$/),
    });
    expect(statements).not.toContainEqual(expect.objectContaining({ Action: 's3:GetObject' }));
  });

  it.each<[string, (template: RawTemplate, properties: Record<string, any>) => void]>([
    [
      'inline',
      (_, properties) => (properties['Policies'] = [{ PolicyDocument: { Statement: [statement] } }]),
    ],
    [
      'a single statement',
      (_, properties) => (properties['Policies'] = [{ PolicyDocument: { Statement: statement } }]),
    ],
    [
      'managed and referred to by the role',
      (template, properties) => {
        template.Resources['Managed'] = policy({});
        properties['ManagedPolicyArns'] = [{ Ref: 'Managed' }];
      },
    ],
    [
      'managed and refers to the role',
      (template) => {
        const Roles = [{ Ref: idOf(template, 'AWS::IAM::Role', 'api') }];
        template.Resources['Managed'] = policy({ Roles });
      },
    ],
  ])('has the statements of a policy that is %s', (_, change) => {
    expect(roleAfter(change).statements).toContainEqual(statement);
  });

  it.each<[string, (properties: Record<string, any>) => void, RegExp]>([
    [
      'a condition operator',
      (properties) =>
        (properties['Policies'] = [
          { PolicyDocument: { Statement: [{ ...statement, Condition: { Bool: { 'aws:x': 'true' } } }] } },
        ]),
      /role api\w+ uses the condition operator Bool, which the local runtime does not support/,
    ],
    [
      'a policy managed by AWS',
      (properties) => (properties['ManagedPolicyArns'] = ['arn:aws:iam::aws:policy/AdministratorAccess']),
      /role api\w+ has the policy arn:aws:iam::aws:policy\/AdministratorAccess, which/,
    ],
    [
      'a permissions boundary',
      (properties) => (properties['PermissionsBoundary'] = 'arn:aws:iam::1:policy/x'),
      /role api\w+ has a permissions boundary/,
    ],
  ])('makes readStack throw when it has %s, which cannot be enforced', (_, change, message) => {
    expect(() => roleAfter((_template, properties) => change(properties))).toThrow(message);
  });

  it('must be a role of the template', () => {
    const useForeignRole = (template: RawTemplate): void => {
      const api = template.Resources[idOf(template, 'AWS::Lambda::Function', 'api')]!;
      api.Properties!['Role'] = 'arn:aws:iam::1:role/elsewhere';
    };
    expect(() => roleAfter(useForeignRole)).toThrow(/api\w+ has the role arn:aws:iam::1:role\/elsewhere/);
  });
});

describe('the permissions that Lambda needs for its triggers', () => {
  const statementsOf = (template: RawTemplate, role: string): any[] =>
    (
      template.Resources[idOf(template, 'AWS::IAM::Policy', role)]!.Properties!['PolicyDocument'] as Record<
        string,
        any[]
      >
    )['Statement']!;

  it.each([
    ['stream', 'dynamodb:GetRecords', /role of stream\w+ does not allow dynamodb:GetRecords on .*\/stream\//],
    ['stream', 'dynamodb:ListStreams', /role of stream\w+ does not allow dynamodb:ListStreams/],
    ['stream', 'sqs:SendMessage', /role of stream\w+ does not allow sqs:SendMessage on .*Failures/],
    ['api', 'sqs:SendMessage', /role of api\w+ does not allow sqs:SendMessage on .*Failures/],
  ])('make readStack throw when the role of %s lacks %s', (role, action, message) => {
    const removeAction = (template: RawTemplate): void => {
      for (const one of statementsOf(template, role)) {
        one.Action = [one.Action].flat().filter((granted: string) => granted !== action);
        if (one.Action.length === 0) one.Action = 's3:GetObject';
      }
    };
    expect(() => roleAfter(removeAction)).toThrow(message);
  });
});
