/**
 * All settings, one row each in the file of its topic: the environment variable, what it accepts, its default in each
 * deployment stage, and the functions that read it. The functions' environments, their validation at cold start, the
 * overrides at synthesis and docs/settings.md come from these rows, so a setting is changed in its row and nowhere else.
 */
import { accountSettings } from './accounts.ts';
import { connectionSettings } from './connections.ts';
import { deploymentSettings } from './deployment.ts';
import { edgeSettings } from './edge.ts';
import { fileSettings } from './files.ts';
import { operationSettings } from './operation.ts';
import type { FunctionName, Setting } from './setting.ts';
import { userLimitSettings } from './user-limits.ts';

export const settings = {
  ...accountSettings,
  ...connectionSettings,
  ...userLimitSettings,
  ...fileSettings,
  ...deploymentSettings,
  ...edgeSettings,
  ...operationSettings,
} satisfies Record<string, Setting>;

export type Settings = typeof settings;
export type SettingName = keyof Settings;

type ValueOf<Row> = Row extends Setting<infer T> ? T : never;

/** The values of all settings in one deployment stage. */
export type StageSettings = { [Name in SettingName]: ValueOf<Settings[Name]> };

/** The names of the settings that a function may read. */
export type SettingsReadBy<F extends FunctionName> = {
  [Name in SettingName]: F extends Settings[Name]['readBy'][number] ? Name : never;
}[SettingName];

/** All rows by name, with the types of their values erased. */
export const settingRows: readonly (readonly [SettingName, Setting])[] = Object.entries(settings) as [
  SettingName,
  Setting,
][];
