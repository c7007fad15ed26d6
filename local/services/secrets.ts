/**
 * The secrets of a local run. Each is generated once by the template's rules and stored next to the data, so
 * that tokens and password hashes stay valid in the next run.
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

/** Opens the secrets. Returns the operations of Secrets Manager that read and rotate them. */
export function openSecrets(definitions: SecretDefinition[], file: string): Record<string, Operation> {
  const stored = readStored(file);
  let hasNewSecrets = false;
  for (const definition of definitions) {
    if (stored[definition.logicalId] !== undefined) continue;
    stored[definition.logicalId] = [versionOf(initialValue(definition))];
    hasNewSecrets = true;
  }
  if (hasNewSecrets) save();

  function save(): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(stored, null, 2), { mode: 0o600 });
  }

  /** Finds a secret by its ARN, by its ARN without the random suffix, or by its name. */
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
    ListSecrets: () => ({
      SecretList: definitions.map(({ logicalId, arn, stackName }) => ({
        ARN: arn,
        Name: nameIn(arn),
        // CloudFormation adds these to every secret that it creates.
        Tags: [
          { Key: 'aws:cloudformation:stack-name', Value: stackName },
          { Key: 'aws:cloudformation:logical-id', Value: logicalId },
        ],
      })),
    }),
    PutSecretValue(input) {
      const { arn, name, versions } = find(input);
      const added = { ...versionOf(String(input['SecretString'])), stages: [] as string[] };
      versions.unshift(added);
      const { VersionStages: labels = ['AWSCURRENT'] } = input as { VersionStages?: string[] };
      for (const label of labels) moveLabel(versions, label, added);
      save();
      return { ARN: arn, Name: name, VersionId: added.versionId, VersionStages: added.stages };
    },
    UpdateSecretVersionStage(input) {
      const { arn, name, versions } = find(input);
      const { VersionStage: label, MoveToVersionId: to, RemoveFromVersionId: from } = input;
      const labelled = versions.find(({ stages }) => stages.includes(String(label)));
      if (labelled?.versionId !== from)
        throw new ServiceError(
          'InvalidParameterException',
          `The parameter RemoveFromVersionId must name the version that has the label ${String(label)}.`,
        );
      const target = versions.find(({ versionId }) => versionId === to);
      if (to !== undefined && target === undefined)
        throw new ServiceError(
          'ResourceNotFoundException',
          "Secrets Manager can't find the specified version.",
        );
      moveLabel(versions, String(label), target);
      save();
      return { ARN: arn, Name: name };
    },
  };
}

/** A version that loses the label of the current one becomes the previous one. */
function moveLabel(versions: SecretVersion[], label: string, to: SecretVersion | undefined): void {
  const from = versions.find(({ stages }) => stages.includes(label));
  for (const version of versions) version.stages = version.stages.filter((stage) => stage !== label);
  to?.stages.push(label);
  if (label === 'AWSCURRENT' && from !== undefined) moveLabel(versions, 'AWSPREVIOUS', from);
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

function initialValue({ generate, value }: SecretDefinition): string {
  if (generate === undefined) return value ?? '';
  const password = randomText(generate);
  if (generate.template === undefined || generate.key === undefined) return password;
  const template: object = JSON.parse(generate.template);
  return JSON.stringify({ ...template, [generate.key]: password });
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
