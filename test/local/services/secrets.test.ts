import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSecrets, resolveSecrets } from '../../../local/services/secrets.ts';

const directory = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Key-AbCdEf';
const definition = { logicalId: 'Key', arn, value: '{"key":"generated"}' };
const { GetSecretValue: get } = openSecrets([definition], join(directory, 'secrets.json'));

describe('resolveSecrets', () => {
  it.each([
    [`{{resolve:secretsmanager:${arn}:SecretString:key::}}`, 'generated'],
    [`{{resolve:secretsmanager:${arn}:SecretString:key}}`, 'generated'],
    [`{{resolve:secretsmanager:${arn}:SecretString:::}}`, '{"key":"generated"}'],
    [`<{{resolve:secretsmanager:${arn}:SecretString:key::}}>`, '<generated>'],
    ['none', 'none'],
  ])('replaces %s by %s', (text, value) => {
    expect(resolveSecrets(text, get!)).toBe(value);
  });

  it('throws for a secret that does not exist', () => {
    const missing = arn.replaceAll('Key', 'Other');
    expect(() => resolveSecrets(`{{resolve:secretsmanager:${missing}:SecretString:key::}}`, get!)).toThrow(
      'specified secret',
    );
  });
});
