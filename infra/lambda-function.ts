/** Deploys a function with its runtime, logs, tracing and a role of its own. */
import { Duration } from 'aws-cdk-lib/core';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
  type Code,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { functions, type FunctionName } from './functions.ts';
import { countLevels } from './monitoring/log-metrics.ts';
import { addLogGroup } from './log-group.ts';
import type { StageSettings } from './stages.ts';

interface FunctionProps {
  settings: StageSettings;
  code: Code;
  environment: Record<string, string>;
  statements: PolicyStatement[];
}

/** Adds a function with the memory and timeout of its row, and a role that allows only logging and the statements. */
export function addFunction(scope: Construct, name: FunctionName, props: FunctionProps): LambdaFunction {
  const parent = new Construct(scope, name);
  const { memoryMb, timeoutSeconds } = functions[name];
  const logGroup = addLogGroup(parent, 'Logs', props.settings);
  countLevels(logGroup);
  const role = new Role(parent, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  for (const statement of props.statements) role.addToPolicy(statement);
  return new LambdaFunction(parent, 'Function', {
    description: `Serverless chat: ${name}`,
    architecture: Architecture.ARM_64,
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: props.code,
    memorySize: memoryMb,
    timeout: Duration.seconds(timeoutSeconds),
    environment: props.environment,
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    // A START and a REPORT line for each invocation would cost more to store than the invocation itself.
    systemLogLevelV2: SystemLogLevel.WARN,
    tracing: Tracing.ACTIVE,
  });
}
