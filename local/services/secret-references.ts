/**
 * Replaces references to secrets in texts of the template, as a deployment does. CloudFormation resolves a reference again
 * only when its text has changed, so the resolved values are stored next to the data and used again by the next start.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../error-details.ts';
import type { Operation } from './json-api.ts';

/** Replaces all references to secrets in a text by their values. */
export type ResolveReferences = (text: string) => string;

const reference = /\{\{resolve:secretsmanager:([^{}]+?):SecretString:([^{}]*)\}\}/g;

/** Opens the values that the previous start resolved. `save` keeps those that this start has used, and no others. */
export function openReferences(
  get: Operation,
  file: string,
): { resolve: ResolveReferences; save: () => void } {
  const previous = readStored(file);
  const used: Record<string, string> = {};
  return {
    resolve: (text) =>
      text.replaceAll(reference, (whole: string, SecretId: string, rest: string) => {
        used[whole] ??= previous[whole] ?? read(get, SecretId, rest);
        return used[whole];
      }),
    save() {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(used, null, 2), { mode: 0o600 });
    },
  };
}

/** Reads the part of a secret that the end of a reference names: `<key>:<version stage>:<version id>`. */
function read(get: Operation, SecretId: string, rest: string): string {
  const [key = '', VersionStage = '', VersionId = ''] = rest.split(':');
  const { SecretString } = get({
    SecretId,
    ...(VersionStage !== '' && { VersionStage }),
    ...(VersionId !== '' && { VersionId }),
  }) as { SecretString: string };
  return key === '' ? SecretString : String((JSON.parse(SecretString) as Record<string, unknown>)[key]);
}

function readStored(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw error;
  }
}
