/** Deploys a stage: checks first, then the CDK, then protection against deletion, then the smoke test. */
import type { ChatAddresses } from '../../../functions/canary/chat-api.ts';
import { firstDeploymentContext } from '../../../infra/retention.ts';
import type { StageSettings } from '../../../infra/stages.ts';
import { addressesOfStack } from '../addresses.ts';
import type { AwsApi } from '../aws/aws-api.ts';
import { findFailures, findStack, protectStack } from '../aws/stacks.ts';
import { isTableProtected, protectTable } from '../aws/tables.ts';
import { OperatorError, type Terminal } from '../command-line.ts';
import { checkStack } from '../preflight/account-checks.ts';
import { hasProblem, printFindings } from '../preflight/finding.ts';
import { preflight } from '../preflight/preflight.ts';
import { assertDeployable, settingsOf, stackNameOf, type SettingsSource } from '../stage.ts';

/** What a deployment calls outside of this process. */
export interface DeployPorts {
  terminal: Terminal;
  settings: SettingsSource;
  /** The files of the working tree that are not committed. */
  uncommittedFiles(this: void): Promise<string[]>;
  openAwsApi(): Promise<AwsApi>;
  /** Runs the CDK's command line and returns its exit code. */
  cdk(args: readonly string[]): Promise<number>;
  /** Returns whether the stage works. */
  smoke(addresses: ChatAddresses): Promise<boolean>;
}

export interface DeployOptions {
  stage: string;
  /** `never`, `any-change` or `broadening`: which changes of permissions the CDK asks about. */
  requireApproval: string;
  skipSmoke: boolean;
}

const approvals = ['never', 'any-change', 'broadening'];

/**
 * Returns the exit code: 0 when the stage is deployed and works.
 * @throws OperatorError before anything is touched, for an unknown stage, a missing setting or uncommitted files
 */
export async function deploy(options: DeployOptions, ports: DeployPorts): Promise<number> {
  const { stage, requireApproval, skipSmoke } = options;
  const { terminal } = ports;
  const settings = settingsOf(stage, ports.settings);
  assertDeployable(stage, settings);
  if (!approvals.includes(requireApproval))
    throw new OperatorError(`--require-approval must be one of ${approvals.join(', ')}.`);
  if (stage === 'prod') await assertCommitted(ports);

  const api = await ports.openAwsApi();
  const findings = await preflight({ api, stage, settings });
  printFindings(findings, terminal);
  if (hasProblem(findings))
    throw new OperatorError('Nothing was deployed: correct the problems above first.');

  const stackName = stackNameOf(stage);
  const assembly = `build/cdk.out/${stage}`;
  const creates = await isFirstDeployment(api, stackName);
  const context = [`stage=${stage}`, ...(creates ? [`${firstDeploymentContext}=true`] : [])];
  const contextArguments = context.flatMap((pair) => ['-c', pair]);
  if ((await ports.cdk(['synth', '-q', ...contextArguments, '-o', assembly])) !== 0)
    throw new OperatorError('Nothing was deployed: the synthesis failed.');
  const deployment = ['deploy', stackName, '--app', assembly, '--require-approval', requireApproval];
  if ((await ports.cdk(deployment)) !== 0) {
    await explainFailure({ api, stage, settings }, terminal);
    return 1;
  }

  if (settings.keepsData) await protect(api, stackName, terminal);
  if (skipSmoke) return 0;
  return (await ports.smoke(await addressesOfStack(api, stackName))) ? 0 : 1;
}

/** Whether the stack has yet to be created, so that its template must not protect what a rollback has to delete. */
async function isFirstDeployment(api: AwsApi, stackName: string): Promise<boolean> {
  const stack = await findStack(api, stackName);
  // A change set that was never executed leaves a stack without resources.
  return stack === undefined || stack.status === 'REVIEW_IN_PROGRESS';
}

async function assertCommitted({ uncommittedFiles }: DeployPorts): Promise<void> {
  const [first, ...others] = await uncommittedFiles();
  if (first === undefined) return;
  const rest = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new OperatorError(`Production is deployed from a commit, but ${first}${rest} is not committed.`);
}

/** Prints what failed and how to get on. The CDK has printed the events of the deployment above. */
async function explainFailure(
  { api, stage, settings }: { api: AwsApi; stage: string; settings: StageSettings },
  terminal: Terminal,
): Promise<void> {
  const stackName = stackNameOf(stage);
  if ((await findStack(api, stackName)) === undefined) {
    terminal.printError(`The deployment failed before ${stackName} was created.`);
    return;
  }
  for (const failure of await findFailures(api, stackName)) terminal.printError(failure);
  const { text, advice } = await checkStack({ api, stage, settings });
  terminal.printError(`The deployment failed. ${text}.${advice === undefined ? '' : ` ${advice}`}`);
}

/**
 * Protects stack and table against deletion. Only after a success: a first deployment that fails must be able to remove what
 * it made, or it could not be repeated.
 */
async function protect(api: AwsApi, stackName: string, terminal: Terminal): Promise<void> {
  const stack = await findStack(api, stackName);
  if (stack === undefined)
    throw new OperatorError(`${stackName} is not in ${api.region} although it was deployed.`);
  if (!stack.isProtected) {
    await protectStack(api, stackName, true);
    terminal.print(`${stackName} is protected against deletion.`);
  }
  const tableName = stack.outputs['TableName'];
  if (tableName === undefined) throw new OperatorError(`${stackName} has no output TableName to protect.`);
  if (await isTableProtected(api, tableName)) return;
  await protectTable(api, tableName, true);
  terminal.print(`The table ${tableName} is protected against deletion.`);
}
