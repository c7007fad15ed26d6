/**
 * The operator's own settings of a deployment stage, in `settings/<stage>.json`. The project has no such file, so merging
 * from it never changes one.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { settingRows } from '../shared/settings/settings.ts';
import { InvalidStageError } from './invalid-stage.ts';

/** Where the files are, relative to the project. */
export const settingsDirectory = resolve(import.meta.dirname, '../settings');

/** Returns the path of the file of a stage, which need not exist. */
export function operatorFile(stage: string, directory = settingsDirectory): string {
  return join(directory, `${stage}.json`);
}

/**
 * Returns the settings of the stage's file as the environment variables that would set them; none without a file.
 * @throws InvalidStageError in one line when the file is not an object of known variables with texts, numbers, booleans or lists
 */
export function readOperatorSettings(stage: string, directory = settingsDirectory): Record<string, string> {
  const path = operatorFile(stage, directory);
  const text = readIfPresent(path);
  if (text === undefined) return {};
  const problems: string[] = [];
  const variables: Record<string, string> = {};
  for (const [variable, value] of Object.entries(parseObject(text, path))) {
    const asText = variableText(value);
    if (!settingRows.some(([, row]) => row.variable === variable)) {
      problems.push(`${variable} is not a setting (docs/settings.md lists them)`);
    } else if (asText === undefined) {
      problems.push(`${variable} must be a text, a number, true, false or a list of texts`);
    } else {
      variables[variable] = asText;
    }
  }
  if (problems.length > 0) throw new InvalidStageError(`${path}: ${problems.join('; ')}`);
  return variables;
}

/**
 * Returns the environment of a synthesis: the stage's file, whose values a variable that is not empty replaces.
 * @throws InvalidStageError as `readOperatorSettings` does
 */
export function deploymentEnvironment(
  stage: string,
  environment: NodeJS.ProcessEnv,
  directory = settingsDirectory,
): NodeJS.ProcessEnv {
  const set = Object.entries(environment).filter(([, value]) => value?.trim());
  return { ...readOperatorSettings(stage, directory), ...Object.fromEntries(set) };
}

/**
 * Sets one variable in the stage's file and keeps the others.
 * @throws InvalidStageError as `readOperatorSettings` does
 */
export function setOperatorSetting(
  stage: string,
  variable: string,
  value: string,
  directory = settingsDirectory,
): void {
  readOperatorSettings(stage, directory);
  const path = operatorFile(stage, directory);
  const values = parseObject(readIfPresent(path) ?? '{}', path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ ...values, [variable]: value }, null, 2)}\n`);
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseObject(text: string, path: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidStageError(`${path} is not JSON: ${reason.replaceAll(/\s+/g, ' ')}`, { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InvalidStageError(
    `${path} must contain an object, such as { "ALLOWED_ORIGINS": ["https://chat.example"] }`,
  );
}

function variableText(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    return value.every((element) => typeof element === 'string') ? value.join(',') : undefined;
  }
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}
