/** Deploys a function with its runtime, logs, tracing and a role of its own. */
import { Duration } from 'aws-cdk-lib/core';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
  type Code,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { functions, type FunctionName } from './functions.ts';
import { countLevels } from './monitoring/log-metrics.ts';
import { addLogGroup } from './log-group.ts';
import type { StageSettings } from './stages.ts';
import { tracingMode } from './tracing.ts';

interface FunctionProps {
  settings: StageSettings;
  code: Code;
  environment: Record<string, string>;
  statements: PolicyStatement[];
}

/** Returns the concurrency that is set aside for a function, which is also its limit; 0 for none. */
function reservedFor(name: FunctionName, settings: StageSettings): number {
  if (name === 'connect') return settings.handshakeConcurrency;
  if (name === 'inbox') return settings.inboxConcurrency;
  if (name === 'uploads') return settings.uploadsConcurrency;
  return name === 'fanOut' ? settings.fanOutConcurrency : 0;
}

/** Adds a function with the memory and timeout of its row, and a role that allows only logging and the statements. */
export function addFunction(scope: Construct, name: FunctionName, props: FunctionProps): LambdaFunction {
  const parent = new Construct(scope, name);
  const { memoryMb, timeoutSeconds, invokesItself = false } = functions[name];
  const reserved = reservedFor(name, props.settings);
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
    // Keeps the REPORT lines, which tell what an invocation that timed out or ran out of memory used. docs/cost.md has the
    // price of storing them.
    systemLogLevelV2: SystemLogLevel.INFO,
    tracing: tracingMode(props.settings),
    ...(reserved > 0 && { reservedConcurrentExecutions: reserved }),
    // Lambda would end a chain of invocations that a function makes of itself after 16 of them.
    ...(invokesItself && { recursiveLoop: RecursiveLoop.ALLOW }),
  });
}
