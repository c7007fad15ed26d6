/** Collects the figures of a run and prints them as tables, with the bounds of bounds.ts. */

import { bounds, keeps, type Bound } from './bounds.ts';

type Cell = string | number | undefined;

export interface Report {
  heading(text: string): void;
  line(text: string): void;
  /** Aligns the first column to the left and all others to the right. */
  table(columns: readonly string[], rows: readonly (readonly Cell[])[]): void;
  /** Records a figure under a name that stays the same from run to run. Does nothing without a value. */
  figure(name: string, value: number | undefined): void;
  /** Returns all recorded figures by name. */
  figures(): Record<string, number>;
  /** Prints the figures that have a bound, beside the bound. */
  printBounds(): void;
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
    printBounds() {
      const measured = new Set([...figures.keys()].map(sectionOf));
      const rows = Object.entries(bounds)
        .filter(([name]) => measured.has(sectionOf(name)))
        .map(([name, bound]) => {
          const value = figures.get(name);
          if (value === undefined) return [name, '', describeBound(bound), 'missing'];
          return [name, value, describeBound(bound), keeps(value, bound) ? 'ok' : 'over'];
        });
      if (rows.length === 0) return;
      print('');
      table(['figure', 'measured', 'bound', ''], rows);
    },
  };
}

/** Figures are named after the section that measures them. */
const sectionOf = (figure: string): string => figure.slice(0, figure.indexOf('.'));

function describeBound(bound: Bound): string {
  return 'atMost' in bound ? `≤ ${bound.atMost}` : `≥ ${bound.atLeast}`;
}

/** Returns a Markdown table, which can be pasted into a page. */
export function tableLines(columns: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const texts = rows.map((row) => columns.map((_, index) => text(row[index])));
  const widths = columns.map((name, index) =>
    Math.max(3, name.length, ...texts.map((row) => row[index]!.length)),
  );
  const join = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const pad = (cell: string, index: number): string =>
    index === 0 ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!);
  const rule = widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [join(columns.map(pad)), join(rule), ...texts.map((row) => join(row.map(pad)))];
}

function text(cell: Cell): string {
  if (cell === undefined) return '';
  return typeof cell === 'number' ? cell.toLocaleString('en-US', { maximumFractionDigits: 3 }) : cell;
}
