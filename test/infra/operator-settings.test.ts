import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploymentEnvironment, readOperatorSettings } from '../../infra/operator-settings.ts';
import { environmentOf, stackOf } from './synthesized.ts';
import { Template } from 'aws-cdk-lib/assertions';

const project = resolve(import.meta.dirname, '../..');
let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'operator-settings-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (stage: string, text: string): void => writeFileSync(join(directory, `${stage}.json`), text);

describe('the file of a stage', () => {
  it('sets texts, numbers, booleans and lists', () => {
    const values = {
      ALARM_EMAIL: 'ops@chat.example',
      BCRYPT_COST: 12,
      EDGE_DISTRIBUTION: false,
      ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'],
    };
    write('prod', JSON.stringify(values));
    expect(readOperatorSettings('prod', directory)).toEqual({
      ALARM_EMAIL: 'ops@chat.example',
      BCRYPT_COST: '12',
      EDGE_DISTRIBUTION: 'false',
      ALLOWED_ORIGINS: 'https://a.example,https://b.example',
    });
  });

  it('sets nothing in another stage', () => {
    write('prod', '{ "BCRYPT_COST": 12 }');
    expect(readOperatorSettings('dev', directory)).toEqual({});
  });

  it('reaches the template, and a variable of the environment replaces it', () => {
    write(
      'prod',
      '{ "ALLOWED_ORIGINS": "https://chat.example", "BCRYPT_COST": 12, "ALARM_EMAIL": "a@b.example" }',
    );
    const environment = { BCRYPT_COST: '13', ALARM_EMAIL: ' ', WAIVED_SETTINGS: '', WEB_PAGE: 'false' };
    const { stack } = stackOf('prod', { environment, operatorDirectory: directory });
    const template = Template.fromStack(stack);
    expect(environmentOf(template, 'connect')['ALLOWED_ORIGINS']).toBe('https://chat.example');
    expect(environmentOf(template, 'accounts')['BCRYPT_COST']).toBe('13');
    expect(template.findResources('AWS::SNS::Subscription')).not.toEqual({});
    expect(deploymentEnvironment('prod', environment, directory)['ALARM_EMAIL']).toBe('a@b.example');
  });

  it.each([
    ['{', /prod\.json is not JSON: /],
    ['[]', /prod\.json must contain an object/],
    ['{ "BCRYPT_COTS": 12 }', /prod\.json: BCRYPT_COTS is not a setting/],
    ['{ "ALARM_EMAIL": { "to": "a@b.example" } }', /prod\.json: ALARM_EMAIL must be a text/],
    ['{ "ALLOWED_ORIGINS": [1] }', /prod\.json: ALLOWED_ORIGINS must be a text/],
  ])('that contains %s is refused in one line', (text, message) => {
    write('prod', text);
    expect(() => readOperatorSettings('prod', directory)).toThrow(message);
    expect(() => readOperatorSettings('prod', directory)).not.toThrow(/\n/);
  });

  it('is refused with the variable and the value when a value is not accepted', () => {
    write('dev', '{ "BCRYPT_COST": 99 }');
    expect(() => stackOf('dev', { operatorDirectory: directory })).toThrow(
      'BCRYPT_COST is "99", expected a whole number from 4 to 15',
    );
  });
});

describe('production', () => {
  const synthesis = (environment: NodeJS.ProcessEnv) => () =>
    stackOf('prod', { environment: { WAIVED_SETTINGS: '', ...environment } });

  it('is not synthesized without origins and an address for alarms', () => {
    expect(synthesis({})).toThrow(
      'Stage prod requires ALLOWED_ORIGINS and ALARM_EMAIL: set each in settings/prod.json or in the environment, ' +
        'or deploy without with WAIVED_SETTINGS=ALLOWED_ORIGINS,ALARM_EMAIL',
    );
    expect(synthesis({ ALARM_EMAIL: 'ops@chat.example' })).toThrow('requires ALLOWED_ORIGINS:');
  });

  it('is synthesized without what is waived by name, and with both', () => {
    expect(synthesis({ ALARM_EMAIL: 'o@c.example', WAIVED_SETTINGS: 'ALLOWED_ORIGINS' })).not.toThrow();
    const both = { ALARM_EMAIL: 'ops@chat.example', ALLOWED_ORIGINS: 'https://chat.example' };
    expect(synthesis(both)).not.toThrow();
  });

  it('is refused when a waiver names no setting', () => {
    expect(synthesis({ WAIVED_SETTINGS: 'ALARM_MAIL' })).toThrow('ALARM_MAIL, which is not a setting');
  });
});

describe('the command line of the CDK app', () => {
  const run = (stage: string, environment: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'infra/bin.ts'], {
      cwd: project,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], CDK_CONTEXT_JSON: JSON.stringify({ stage }), ...environment },
    });

  it.each([
    [
      'an unknown stage',
      'production',
      {},
      'Unknown stage "production": choose one of local, dev, staging, prod',
    ],
    ['a value that is not accepted', 'dev', { BCRYPT_COST: 'x' }, 'BCRYPT_COST is "x"'],
  ])('prints one line for %s', (_, stage, environment, line) => {
    const { status, stderr, stdout } = run(stage, environment);
    expect({ status, stdout, lines: stderr.trim().split('\n') }).toEqual({
      status: 1,
      stdout: '',
      lines: [expect.stringContaining(line)],
    });
  });
});
