/** Reads the processor time of a process and its descendants from Linux's /proc. */

import { readdirSync, readFileSync } from 'node:fs';

/** The value of `sysconf(_SC_CLK_TCK)` on all common platforms. */
const ticksPerSecond = 100;

interface ProcessStat {
  parent: number;
  seconds: number;
}

/** Returns undefined on a platform without /proc. */
export function cpuSecondsOf(pid: number): number | undefined {
  const all = readProcesses();
  if (all === undefined) return undefined;
  const isWithin = (candidate: number): boolean => {
    for (let id: number | undefined = candidate; id !== undefined && id > 1; id = all.get(id)?.parent) {
      if (id === pid) return true;
    }
    return false;
  };
  return [...all]
    .filter(([candidate]) => isWithin(candidate))
    .reduce((sum, [, { seconds }]) => sum + seconds, 0);
}

function readProcesses(): Map<number, ProcessStat> | undefined {
  try {
    const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return new Map(
      names.flatMap((name) => {
        const stat = readStat(name);
        return stat === undefined ? [] : [[Number(name), stat] as const];
      }),
    );
  } catch {
    // The platform has no /proc.
    return undefined;
  }
}

function readStat(name: string): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'));
  } catch {
    // The process has ended.
    return undefined;
  }
}

/** The name, in brackets, may hold anything, so fields are counted after the last bracket. */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  return { parent: parent!, seconds: (user! + system!) / ticksPerSecond };
}
