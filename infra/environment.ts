/** The environment variables of the functions, made from the rows of shared/settings. */
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../shared/settings/setting.ts';
import { settingRows, settings as rows, type StageSettings } from '../shared/settings/settings.ts';
import { stackValueRows, type StackValueName } from '../shared/settings/stack-values.ts';

export interface EnvironmentSources {
  stage: string;
  settings: StageSettings;
  /** Tokens of the template; `grantInvoke` and `addCanary` add the others, which depend on what is deployed later. */
  stackValues: Record<
    Exclude<StackValueName, `${string}FunctionName` | 'chatUrl' | 'chatWebSocketUrl'>,
    string
  >;
}

/** Returns the variables that every function has, and those whose row names the function. */
export function environmentFor(
  functionName: FunctionName,
  { stage, settings, stackValues }: EnvironmentSources,
): Record<string, string> {
  const values: Partial<Record<StackValueName, string>> = stackValues;
  const isRead = ([, { readBy }]: readonly [string, { readBy: readonly FunctionName[] }]): boolean =>
    readBy.includes(functionName);
  return {
    STAGE: stage,
    POWERTOOLS_SERVICE_NAME: functionName,
    POWERTOOLS_LOG_LEVEL: 'INFO',
    ...Object.fromEntries(
      stackValueRows.filter(isRead).flatMap(([name, { variable }]) => {
        const value = values[name];
        return value === undefined ? [] : [[variable, value]];
      }),
    ),
    ...Object.fromEntries(
      settingRows.filter(isRead).map(([name, { variable }]) => [variable, String(settings[name])]),
    ),
  };
}

/** Lets pages of an origin that the stage itself has open sockets, beside those of the settings. */
export function allowOrigin(
  connect: LambdaFunction,
  origin: string,
  { allowedOrigins }: StageSettings,
): void {
  if (allowedOrigins.includes('*')) return;
  connect.addEnvironment(rows.allowedOrigins.variable, [...allowedOrigins, origin].join(','));
}
