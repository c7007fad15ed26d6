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
const definition = { logicalId: 'Key', arn, value: '{"key":"of its own"}' };
const { GetSecretValue: get } = openSecrets([definition], join(directory, 'secrets.json'));

describe('a reference to a secret', () => {
  it.each([
    [`{{resolve:secretsmanager:${arn}:SecretString:key::}}`, 'of its own'],
    [`{{resolve:secretsmanager:${arn}:SecretString:key}}`, 'of its own'],
    [`{{resolve:secretsmanager:${arn}:SecretString:::}}`, '{"key":"of its own"}'],
    [`<{{resolve:secretsmanager:${arn}:SecretString:key::}}>`, '<of its own>'],
    ['none', 'none'],
  ])('%s becomes %s', (text, value) => {
    expect(resolveSecrets(text, get!)).toBe(value);
  });

  it('that is not there is named', () => {
    const missing = arn.replaceAll('Key', 'Other');
    expect(() => resolveSecrets(`{{resolve:secretsmanager:${missing}:SecretString:key::}}`, get!)).toThrow(
      'specified secret',
    );
  });
});
