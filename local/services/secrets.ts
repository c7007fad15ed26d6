/**
 * Owns the secrets of a local run: makes each once, as the template says, and keeps them next to the data,
 * since tokens and password hashes of one run must be good in the next.
 */

import { randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../error-details.ts';
import type { SecretDefinition } from '../stack.ts';
import { ServiceError, type Operation } from './json-api.ts';

interface SecretVersion {
  versionId: string;
  value: string;
  createdAt: number;
  stages: string[];
}

type StoredSecrets = Record<string, SecretVersion[]>;

/** The operations of Secrets Manager that functions use, and PutSecretValue, with which one is rotated. */
export function openSecrets(definitions: SecretDefinition[], file: string): Record<string, Operation> {
  const stored = readStored(file);
  let changed = false;
  for (const definition of definitions) {
    if (stored[definition.logicalId] !== undefined) continue;
    stored[definition.logicalId] = [versionOf(initialValue(definition))];
    changed = true;
  }
  if (changed) save();

  function save(): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(stored, null, 2), { mode: 0o600 });
  }

  /** By ARN, by ARN without its random end, or by name. */
  function find(input: Record<string, unknown>): { arn: string; name: string; versions: SecretVersion[] } {
    const id = String(input['SecretId']);
    const definition = definitions.find(
      ({ arn }) => arn === id || arn.slice(0, -7) === id || nameIn(arn) === id,
    );
    if (definition === undefined) {
      throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    return { arn: definition.arn, name: nameIn(definition.arn), versions: stored[definition.logicalId]! };
  }

  return {
    GetSecretValue(input) {
      const { arn, name, versions } = find(input);
      const { VersionId: id, VersionStage: stage = id === undefined ? 'AWSCURRENT' : undefined } = input;
      const version = versions.find(
        ({ versionId, stages }) =>
          (id === undefined || versionId === id) &&
          (stage === undefined || stages.some((label) => label === stage)),
      );
      if (version === undefined) {
        throw new ServiceError(
          'ResourceNotFoundException',
          "Secrets Manager can't find the specified secret value for that version or staging label.",
        );
      }
      return {
        ARN: arn,
        Name: name,
        VersionId: version.versionId,
        SecretString: version.value,
        VersionStages: version.stages,
        CreatedDate: version.createdAt / 1000,
      };
    },
    PutSecretValue(input) {
      const { arn, name, versions } = find(input);
      const added = versionOf(String(input['SecretString']));
      for (const version of versions) {
        version.stages = version.stages.includes('AWSCURRENT') ? ['AWSPREVIOUS'] : [];
      }
      versions.unshift(added);
      save();
      return { ARN: arn, Name: name, VersionId: added.versionId, VersionStages: added.stages };
    },
  };
}

/** A text of the template with its references to secrets replaced by what they hold, as a deployment does it. */
export function resolveSecrets(text: string, get: Operation): string {
  const reference = /\{\{resolve:secretsmanager:([^{}]+?):SecretString:([^:{}]*)[^{}]*\}\}/g;
  return text.replaceAll(reference, (_, SecretId: string, key: string) => {
    const { SecretString } = get({ SecretId }) as { SecretString: string };
    return key === '' ? SecretString : String((JSON.parse(SecretString) as Record<string, unknown>)[key]);
  });
}

function versionOf(value: string): SecretVersion {
  return { versionId: randomUUID(), value, createdAt: Date.now(), stages: ['AWSCURRENT'] };
}

function readStored(file: string): StoredSecrets {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw error;
  }
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1, -7);
}

function initialValue({ generate, value: given }: SecretDefinition): string {
  if (generate === undefined) return given ?? '';
  const password = randomText(generate);
  if (generate.template === undefined || generate.key === undefined) return password;
  const value: object = JSON.parse(generate.template);
  return JSON.stringify({ ...value, [generate.key]: password });
}

function randomText({
  length,
  excludePunctuation,
  excludeCharacters = '',
}: NonNullable<SecretDefinition['generate']>): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const punctuation = excludePunctuation === true ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
  const alphabet = (letters + punctuation)
    .split('')
    .filter((character) => !excludeCharacters.includes(character));
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
