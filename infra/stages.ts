/** The settings of a deployment stage: the defaults of shared/settings/settings.ts, and what the environment replaces. */
import {
  InvalidEnvironmentError,
  stageNames,
  type InvalidVariable,
  type StageName,
} from '../shared/settings/setting.ts';
import { settingRows, settings, type StageSettings } from '../shared/settings/settings.ts';
import { InvalidStageError } from './invalid-stage.ts';

export type { StageSettings };

/**
 * Returns the name when it is that of a stage.
 * @throws InvalidStageError for an unknown stage
 */
export function stageNamed(stage: string): StageName {
  const known = stageNames.find((name) => name === stage);
  if (known !== undefined) return known;
  throw new InvalidStageError(`Unknown stage "${stage}": choose one of ${stageNames.join(', ')}`);
}

/** Returns the name of the stack of a stage. */
export function stackNameOf(stage: string): string {
  return `ServerlessChat-${stage}`;
}

/**
 * Returns the settings of a stage. A variable of the environment that is empty counts as absent.
 * @throws InvalidStageError for an unknown stage
 * @throws InvalidEnvironmentError with every variable whose value is not accepted
 */
export function stageSettings(stage: string, environment: NodeJS.ProcessEnv = {}): StageSettings {
  const known = stageNamed(stage);
  const values: Record<string, unknown> = {};
  const invalid: InvalidVariable[] = [];
  for (const [name, { variable, parser, defaults }] of settingRows) {
    const text = environment[variable]?.trim();
    values[name] = text ? parser.parse(text) : defaults[known];
    if (text && values[name] === undefined) invalid.push({ variable, text, accepts: parser.accepts });
  }
  if (invalid.length > 0) throw new InvalidEnvironmentError('Invalid settings', invalid);
  return values as unknown as StageSettings;
}

/** Returns the environment variables from which `stageSettings` would read these settings. */
export function variablesFor(values: Partial<StageSettings>): Record<string, string> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [settings[name as keyof StageSettings].variable, String(value)]),
  );
}
