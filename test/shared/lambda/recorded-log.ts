/** Records what the functions log, in place of printing it. */
import { beforeEach, vi } from 'vitest';
import { logger } from '../../../shared/lambda/logger.ts';

export interface LogRecord {
  level: string;
  text: string;
  fields: any;
  /** The keys that were appended before, which a line has as well. */
  keys: object;
}

/** Records the lines of each test of a file. The returned list is empty at the start of a test. */
export function recordLog(): LogRecord[] {
  const logged: LogRecord[] = [];
  beforeEach(() => {
    logged.length = 0;
    let keys: object = {};
    const recordAs =
      (level: string) =>
      (text: unknown, ...[fields]: unknown[]) =>
        void logged.push({ level, text: String(text), fields, keys });
    vi.spyOn(logger, 'resetKeys').mockImplementation(() => void (keys = {}));
    vi.spyOn(logger, 'appendKeys').mockImplementation((more) => void (keys = { ...keys, ...more }));
    for (const level of ['info', 'warn', 'error'] as const) {
      vi.spyOn(logger, level).mockImplementation(recordAs(level));
    }
  });
  return logged;
}
