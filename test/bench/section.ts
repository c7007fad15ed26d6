/** The input of a section of the bench. */

import type { CommandLine } from './command-line.ts';
import type { Report } from './report.ts';

export interface BenchContext {
  report: Report;
  options: CommandLine;
  /** Prints progress to standard error. */
  progress: (text: string) => void;
}

export type Section = (context: BenchContext) => Promise<void>;
