/** What one check of the preflight found, and how it is printed. */
import type { Terminal } from '../command-line.ts';

export interface Finding {
  check: string;
  /** A problem keeps the stage from being deployed, a warning does not. */
  level: 'ok' | 'warning' | 'problem';
  text: string;
  /** What to do about it; absent when there is nothing to do. */
  advice?: string;
}

/** Prints one line for each finding, and a second one for its advice. */
export function printFindings(findings: readonly Finding[], terminal: Terminal): void {
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  for (const { level, check, text, advice } of findings) {
    terminal.print(`${level.padEnd(7)}  ${check.padEnd(width)}  ${text}`);
    if (advice !== undefined) terminal.print(`${' '.repeat(7)}  ${' '.repeat(width)}  ${advice}`);
  }
}

export const hasProblem = (findings: readonly Finding[]): boolean =>
  findings.some(({ level }) => level === 'problem');
