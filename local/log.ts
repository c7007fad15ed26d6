/** Owns every line that the local runtime prints; nothing else under `local/` writes to the terminal. */

export interface Log {
  /** Shown with `--verbose` only. */
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
  /** One line of a function's own output; quiet unless it is a warning, an error, or not a log record. */
  functionOutput(functionName: string, line: string): void;
  /** Whether nobody would see what functions log for information: then they need not write it. */
  readonly onlyWarnings: boolean;
}

export type Verbosity = 'silent' | 'normal' | 'verbose';

/** A log that writes to the given sinks (standard output and error unless told otherwise). */
export function createLog(
  verbosity: Verbosity = 'normal',
  out: (text: string) => void = (text) => void process.stdout.write(text),
  err: (text: string) => void = (text) => void process.stderr.write(text),
): Log {
  const normal = verbosity !== 'silent';
  const verbose = verbosity === 'verbose';
  return {
    // Who is silent here may listen to the lines itself.
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

/** The level of a structured log line, `undefined` when the line is not one. Metrics have no level: `METRIC`. */
function levelOf(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const record: { level?: unknown } = JSON.parse(line);
    return typeof record.level === 'string' ? record.level.toUpperCase() : 'METRIC';
  } catch {
    return undefined;
  }
}
