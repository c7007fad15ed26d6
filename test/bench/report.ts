/** Collects the figures of a run, and prints them as tables; it measures nothing and judges by bounds.ts alone. */

import { bounds, keeps, type Bound } from './bounds.ts';

type Cell = string | number | undefined;

export interface Report {
  heading(text: string): void;
  line(text: string): void;
  /** The first column to the left, all others to the right. */
  table(columns: readonly string[], rows: readonly (readonly Cell[])[]): void;
  /** Notes a figure under a name that stays the same from run to run; without a value, nothing. */
  figure(name: string, value: number | undefined): void;
  /** All of them so far, by their names. */
  figures(): Record<string, number>;
  /** Prints the figures that have a bound, each beside it. */
  judge(): void;
}

export function createReport(print: (line: string) => void): Report {
  const figures = new Map<string, number>();
  const table: Report['table'] = (columns, rows) => {
    for (const line of tableLines(columns, rows)) print(line);
  };
  return {
    heading: (text) => print(`\n${text}\n`),
    line: print,
    table,
    figure(name, value) {
      if (value !== undefined && Number.isFinite(value)) figures.set(name, value);
    },
    figures: () => Object.fromEntries(figures),
    judge() {
      const rows = Object.entries(bounds).flatMap(([name, bound]) => {
        const value = figures.get(name);
        return value === undefined
          ? []
          : [[name, value, describeBound(bound), keeps(value, bound) ? 'ok' : 'over']];
      });
      if (rows.length === 0) return;
      print('');
      table(['figure', 'measured', 'bound', ''], rows);
    },
  };
}

function describeBound(bound: Bound): string {
  return 'atMost' in bound ? `≤ ${bound.atMost}` : `≥ ${bound.atLeast}`;
}

/** As Markdown, so that a page can hold what was printed. */
export function tableLines(columns: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const texts = rows.map((row) => columns.map((_, at) => text(row[at])));
  const widths = columns.map((name, at) => Math.max(3, name.length, ...texts.map((row) => row[at]!.length)));
  const join = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const pad = (cell: string, at: number): string =>
    at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!);
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [join(columns.map(pad)), join(rule), ...texts.map((row) => join(row.map(pad)))];
}

function text(cell: Cell): string {
  if (cell === undefined) return '';
  return typeof cell === 'number' ? cell.toLocaleString('en-US', { maximumFractionDigits: 3 }) : cell;
}
