import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../../local/services/json-api.ts';
import { openReferences } from '../../../local/services/secret-references.ts';
import { openSecrets } from '../../../local/services/secrets.ts';

const directory = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Key-AbCdEf';
const definition = { logicalId: 'Key', stackName: 'Stack', arn, value: '{"key":"generated"}' };
const reference = `{{resolve:secretsmanager:${arn}:SecretString:key::}}`;
let get: Operation;
let put: Operation;
let file: string;

beforeEach(() => {
  const own = mkdtempSync(join(directory, 'run-'));
  file = join(own, 'references.json');
  const operations = openSecrets([definition], join(own, 'secrets.json'));
  get = operations['GetSecretValue']!;
  put = operations['PutSecretValue']!;
});

/** Resolves a text as one start of the runtime does. */
function deploy(text: string): string {
  const { resolve, save } = openReferences(get, file);
  const resolved = resolve(text);
  save();
  return resolved;
}

const rotate = (key: string) =>
  put({ SecretId: arn, SecretString: JSON.stringify({ key }) }) as { VersionId: string };

describe('a reference to a secret', () => {
  it.each([
    [reference, 'generated'],
    [`{{resolve:secretsmanager:${arn}:SecretString:key}}`, 'generated'],
    [`{{resolve:secretsmanager:${arn}:SecretString:::}}`, '{"key":"generated"}'],
    [`<${reference}>`, '<generated>'],
    ['none', 'none'],
  ])('%s is replaced by %s', (text, value) => {
    expect(deploy(text)).toBe(value);
  });

  it('to a secret that does not exist is an error', () => {
    expect(() => deploy(reference.replaceAll('Key', 'Other'))).toThrow('specified secret');
  });

  it('keeps its value while its text is the same, as in CloudFormation', () => {
    deploy(reference);
    rotate('second');
    expect(deploy(reference)).toBe('generated');
  });

  it('has the value of the version that it names', () => {
    deploy(reference);
    const { VersionId } = rotate('second');
    rotate('third');
    expect(deploy(reference.replace('key::', `key::${VersionId}`))).toBe('second');
    expect(deploy(reference.replace('key::', 'key:AWSPREVIOUS:'))).toBe('second');
    // The text differs from that of the last deployment, so it is resolved again.
    expect(deploy(reference)).toBe('third');
  });
});
