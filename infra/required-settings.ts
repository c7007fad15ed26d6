/** Refuses a stage whose settings lack what it requires or contradict one another, before anything is deployed. */
import type { StageName } from '../shared/settings/setting.ts';
import { settingRows, type StageSettings } from '../shared/settings/settings.ts';
import { InvalidStageError } from './invalid-stage.ts';

/**
 * Checks the settings of a stage as a whole; each value alone was checked when it was read.
 * @throws InvalidStageError in one line, with every variable that is missing and how to waive it
 */
export function assertComplete(stage: StageName, settings: StageSettings): void {
  const { waivedSettings: waived } = settings;
  const known = settingRows.map(([, { variable }]) => variable);
  const unknown = waived.filter((variable) => !known.includes(variable));
  if (unknown.length > 0)
    throw new InvalidStageError(`WAIVED_SETTINGS names ${unknown.join(', ')}, which is not a setting`);

  if (settings.requiresEdge && !settings.hasEdge)
    throw new InvalidStageError(
      'REQUIRE_EDGE needs EDGE_DISTRIBUTION, since nothing else sends the edge key',
    );

  const missing = settingRows
    .filter(([name, { requiredIn = [] }]) => requiredIn.includes(stage) && isAbsent(settings[name]))
    .map(([, { variable }]) => variable)
    .filter((variable) => !waived.includes(variable));
  if (missing.length > 0) {
    throw new InvalidStageError(
      `Stage ${stage} requires ${missing.join(' and ')}: set each in settings/${stage}.json or in the environment, ` +
        `or deploy without with WAIVED_SETTINGS=${[...waived, ...missing].join(',')}`,
    );
  }
}

function isAbsent(value: StageSettings[keyof StageSettings]): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
