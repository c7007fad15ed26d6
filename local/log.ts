/** The log of the local runtime, which prints to the terminal. */

export interface Log {
  /** Printed only with `--verbose`. */
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
  /** Prints a line of a function's output if it is a warning, an error, or not a structured log record. */
  functionOutput(functionName: string, line: string): void;
  /** Whether functions need not write log records below WARN, because they are not printed. */
  readonly onlyWarnings: boolean;
}

export type Verbosity = 'silent' | 'normal' | 'verbose';

/** Creates a log that writes to `out` and `err`, by default standard output and standard error. */
export function createLog(
  verbosity: Verbosity = 'normal',
  out: (text: string) => void = (text) => void process.stdout.write(text),
  err: (text: string) => void = (text) => void process.stderr.write(text),
): Log {
  const normal = verbosity !== 'silent';
  const verbose = verbosity === 'verbose';
  return {
    // With `silent`, tests may read the functions' log records themselves.
    onlyWarnings: verbosity === 'normal',
    debug: (line) => void (verbose && out(`${line}\n`)),
    info: (line) => void (normal && out(`${line}\n`)),
    warn: (line) => void (normal && err(`warning: ${line}\n`)),
    error: (line) => void (normal && err(`error: ${line}\n`)),
    functionOutput(functionName, line) {
      if (!normal) return;
      const level = levelOf(line);
      if (level === undefined) out(`${functionName}: ${line}\n`);
      else if (verbose || level === 'WARN' || level === 'ERROR' || level === 'CRITICAL') out(`${line}\n`);
    },
  };
}

/** Returns the level of a structured log record, `METRIC` if it has none; undefined for other lines. */
function levelOf(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const record: { level?: unknown } = JSON.parse(line);
    return typeof record.level === 'string' ? record.level.toUpperCase() : 'METRIC';
  } catch {
    return undefined;
  }
}
