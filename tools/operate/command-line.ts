/** How every command of an operator reads its arguments, prints its help, and reports an error in one line. */
import { parseArgs } from 'node:util';

/** An error that the operator can act on: its message is printed as one line, without a stack trace. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
}

interface TextOption {
  type: 'string';
  /** What stands for the value in the help, such as `<stage>`. */
  value: string;
  description: string;
  required?: boolean;
}

interface FlagOption {
  type: 'boolean';
  description: string;
}

export type OptionRows = Readonly<Record<string, TextOption | FlagOption>>;

/** The values of the options as a command receives them. */
export type Values<Rows extends OptionRows> = {
  [Name in keyof Rows]: Rows[Name] extends FlagOption
    ? boolean
    : Rows[Name] extends { required: true }
      ? string
      : string | undefined;
};

export interface Command<Rows extends OptionRows> {
  /** What the operator types, such as `npm run smoke --`. */
  usage: string;
  /** What the command does and what its exit code says, in a few lines. */
  summary: string;
  options: Rows;
  /** Returns the exit code. */
  run(values: Values<Rows>): Promise<number>;
}

/** Checks the types of the rows and keeps their literal types. */
export const command = <const Rows extends OptionRows>(definition: Command<Rows>): Command<Rows> =>
  definition;

const help = { type: 'boolean', description: 'Print this help.' } as const;

/** Returns the text of `--help`. */
export function helpOf({
  usage,
  summary,
  options,
}: Pick<Command<OptionRows>, 'usage' | 'summary' | 'options'>): string {
  const rows = Object.entries<TextOption | FlagOption>({ ...options, help }).map(([name, row]) => ({
    left: row.type === 'string' ? `--${name} ${row.value}` : `--${name}`,
    right: `${row.description}${row.type === 'string' && row.required === true ? ' Required.' : ''}`,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  const lines = rows.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`);
  return `${usage} [options]\n\n${summary}\n\n${lines.join('\n')}\n`;
}

/**
 * Reads the arguments.
 * @throws OperatorError for an unknown option, a missing value or a missing required option
 */
export function readOptions<Rows extends OptionRows>(
  { usage, options }: Pick<Command<Rows>, 'usage' | 'options'>,
  args: readonly string[],
): Values<Rows> & { help: boolean } {
  const given = parse(args, { ...options, help });
  const values: Record<string, string | boolean | undefined> = {};
  for (const [name, row] of Object.entries<TextOption | FlagOption>({ ...options, help })) {
    const value = given[name];
    if (row.type === 'boolean') values[name] = value === true;
    else if (typeof value === 'string' && value !== '') values[name] = value;
    else if (row.required === true && given['help'] !== true)
      throw new OperatorError(`--${name} ${row.value} is missing. ${usage} --help lists the options.`);
  }
  // Every row has set its own value.
  return values as Values<Rows> & { help: boolean };
}

function parse(args: readonly string[], options: OptionRows): Record<string, unknown> {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }])),
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The first sentence names the argument; the others explain how to pass one that starts with a dash.
    const [sentence] = error.message.split('. ');
    throw new OperatorError(sentence ?? error.message, { cause: error });
  }
}

export interface Terminal {
  /** Prints a line to standard output. */
  print(line: string): void;
  /** Prints a line to standard error. */
  printError(line: string): void;
}

export const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  printError: (line) => void process.stderr.write(`${line}\n`),
};

/** Runs a command and returns its exit code: 2 when its arguments are wrong, 1 when it fails. */
export async function execute<Rows extends OptionRows>(
  definition: Command<Rows>,
  args: readonly string[],
  terminal: Terminal = processTerminal,
): Promise<number> {
  let values: Values<Rows> & { help: boolean };
  try {
    values = readOptions(definition, args);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    terminal.printError(error.message);
    return 2;
  }
  if (values.help) {
    terminal.print(helpOf(definition).trimEnd());
    return 0;
  }
  try {
    return await definition.run(values);
  } catch (error) {
    terminal.printError(describeError(error));
    return 1;
  }
}

/** One line for what the operator can act on. Any other error is a defect of the command, whose stack trace helps to find it. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof OperatorError) return error.message;
  return isFromAws(error) ? `${error.name}: ${error.message.replaceAll(/\s+/g, ' ')}` : `${error.stack}`;
}

/** Whether a client of the SDK threw it: AWS refused a request, or there were no credentials to sign it with. */
const isFromAws = (error: Error): boolean =>
  '$metadata' in error || error.name === 'CredentialsProviderError';
