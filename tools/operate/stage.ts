/** The deployment stages that an operator deploys, with the names of their stacks and their settings. */
import { InvalidStageError } from '../../infra/invalid-stage.ts';
import { deploymentEnvironment } from '../../infra/operator-settings.ts';
import { assertComplete } from '../../infra/required-settings.ts';
import { stageNamed, stageSettings, type StageSettings } from '../../infra/stages.ts';

export { stackNameOf } from '../../infra/stages.ts';
import { InvalidEnvironmentError, stageNames } from '../../shared/settings/setting.ts';
import { OperatorError } from './command-line.ts';

/** All stages but `local`, which only the local runtime runs. */
export const deployableStages: readonly string[] = stageNames.filter((name) => name !== 'local');

/** The row of the option that every command on a deployed stage has. */
export const stageOption = {
  type: 'string',
  value: '<stage>',
  description: `The deployment stage: ${deployableStages.join(', ')}.`,
  required: true,
} as const;

/** @throws OperatorError for a stage that cannot be deployed */
export function assertStage(stage: string): void {
  if (!deployableStages.includes(stage))
    throw new OperatorError(
      `There is no stage "${stage}" to deploy: choose one of ${deployableStages.join(', ')}.`,
    );
}

/** The variables of this process and, when it is not the project's, the folder of the operator's files. */
export interface SettingsSource {
  environment: NodeJS.ProcessEnv;
  operatorDirectory?: string;
}

/**
 * Returns the settings with which the stage would be deployed, complete or not.
 * @throws OperatorError for an unknown stage, or naming every variable whose value is not accepted
 */
export function settingsOf(stage: string, { environment, operatorDirectory }: SettingsSource): StageSettings {
  assertStage(stage);
  return asOperatorError(() =>
    stageSettings(stage, deploymentEnvironment(stage, environment, operatorDirectory)),
  );
}

/**
 * Checks the settings as a whole, and against the region of the deployment once that is known.
 * @throws OperatorError naming every setting that the stage requires and that is not set
 */
export function assertDeployable(stage: string, settings: StageSettings, region?: string): void {
  asOperatorError(() => assertComplete(stageNamed(stage), settings, region));
}

function asOperatorError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidStageError || error instanceof InvalidEnvironmentError)) throw error;
    throw new OperatorError(error.message, { cause: error });
  }
}
