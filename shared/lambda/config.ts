/** The configuration of a function: its settings and stack values, read from the environment once, at cold start. */
import { nonEmptyText, type Parser } from '../settings/parsers.ts';
import { InvalidEnvironmentError, type FunctionName, type InvalidVariable } from '../settings/setting.ts';
import { settingRows, type SettingsReadBy, type StageSettings } from '../settings/settings.ts';
import { stackValueRows, type StackValueName, type StackValuesReadBy } from '../settings/stack-values.ts';

/** What a function may read, by the `readBy` of the rows. */
export type Config<F extends FunctionName> = Readonly<
  Pick<StageSettings, SettingsReadBy<F>> & Record<StackValuesReadBy<F>, string>
>;

/** Some settings or stack values by name, for code that several functions share. */
export type ConfigOf<Name extends keyof StageSettings | StackValueName> = Readonly<
  Pick<StageSettings & Record<StackValueName, string>, Name>
>;

/**
 * Reads every setting and stack value whose row names the function.
 * @throws InvalidEnvironmentError with every variable that is missing or not accepted
 */
export function readConfig<F extends FunctionName>(
  functionName: F,
  environment: NodeJS.ProcessEnv = process.env,
): Config<F> {
  const invalid: InvalidVariable[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, variable, parser] of variablesOf(functionName)) {
    const text = environment[variable];
    config[name] = text === undefined ? undefined : parser.parse(text);
    if (config[name] === undefined) invalid.push({ variable, text, accepts: parser.accepts });
  }
  if (invalid.length > 0)
    throw new InvalidEnvironmentError(`Invalid environment of ${functionName}`, invalid);
  return config as Config<F>;
}

function variablesOf(
  functionName: FunctionName,
): [name: string, variable: string, parser: Parser<unknown>][] {
  return [
    ...stackValueRows
      .filter(([, { readBy }]) => readBy.includes(functionName))
      .map(([name, { variable }]): [string, string, Parser<unknown>] => [name, variable, nonEmptyText]),
    ...settingRows
      .filter(([, { readBy }]) => readBy.includes(functionName))
      .map(([name, { variable, parser }]): [string, string, Parser<unknown>] => [name, variable, parser]),
  ];
}
