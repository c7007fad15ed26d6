/** What a section of the bench is given. */

import type { CommandLine } from './command-line.ts';
import type { Report } from './report.ts';

export interface BenchContext {
  report: Report;
  options: CommandLine;
  /** Tells what is going on, apart from what is reported. */
  progress: (text: string) => void;
}

export type Section = (context: BenchContext) => Promise<void>;
