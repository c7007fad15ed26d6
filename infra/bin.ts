/**
 * The entry point of the `cdk` command: synthesizes the stage of `-c stage=…` with the operator's file and the environment.
 * A mistake in either ends it with one line.
 */
import { InvalidEnvironmentError } from '../shared/settings/setting.ts';
import { buildApp } from './app.ts';
import { InvalidStageError } from './invalid-stage.ts';
import { settingsDirectory } from './operator-settings.ts';

try {
  buildApp({ environment: process.env, operatorDirectory: settingsDirectory }).synth();
} catch (error) {
  if (!(error instanceof InvalidStageError || error instanceof InvalidEnvironmentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
