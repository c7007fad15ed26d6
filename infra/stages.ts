/** The settings of a deployment stage: the defaults of shared/settings/settings.ts, and what the environment replaces. */
import {
  InvalidEnvironmentError,
  stageNames,
  type InvalidVariable,
  type StageName,
} from '../shared/settings/setting.ts';
import { settingRows, settings, type StageSettings } from '../shared/settings/settings.ts';

export type { StageSettings };

function isStageName(stage: string): stage is StageName {
  return stageNames.some((name) => name === stage);
}

/**
 * Returns the settings of a stage. A variable of the environment that is empty counts as absent.
 * @throws Error for an unknown stage
 * @throws InvalidEnvironmentError with every variable whose value is not accepted
 */
export function stageSettings(stage: string, environment: NodeJS.ProcessEnv = {}): StageSettings {
  if (!isStageName(stage)) {
    throw new Error(`Unknown stage "${stage}": choose one of ${stageNames.join(', ')}`);
  }
  const values: Record<string, unknown> = {};
  const invalid: InvalidVariable[] = [];
  for (const [name, { variable, parser, defaults }] of settingRows) {
    const text = environment[variable]?.trim();
    values[name] = text ? parser.parse(text) : defaults[stage];
    if (text && values[name] === undefined) invalid.push({ variable, text, accepts: parser.accepts });
  }
  if (invalid.length > 0) throw new InvalidEnvironmentError('Invalid settings in the environment', invalid);
  return values as unknown as StageSettings;
}

/** Returns the environment variables from which `stageSettings` would read these settings. */
export function variablesFor(values: Partial<StageSettings>): Record<string, string> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [settings[name as keyof StageSettings].variable, String(value)]),
  );
}
