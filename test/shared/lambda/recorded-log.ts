/** Takes the place of the functions' logger and records what is logged. */

/** The records since the start of the test file's process; a test that reads them empties the list first. */
export const logged: { level: string; text: string; fields: any }[] = [];

const record = (level: string) => (text: string, fields: unknown) =>
  void logged.push({ level, text, fields });

export const logger = {
  resetKeys: () => undefined,
  appendKeys: () => undefined,
  info: record('info'),
  error: record('error'),
};
