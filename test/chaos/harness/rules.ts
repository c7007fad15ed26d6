/** Speaks to the switchboard of a running local runtime, over HTTP like anyone else. */

export type PointName = 'database' | 'engine' | 'connections' | 'invoke' | 'async' | 'stream' | 'socket';

/** What is to go wrong where; local/faults/rule.ts says what is possible. */
export interface FaultRule {
  id?: string;
  point: PointName;
  action: 'fail' | 'delay' | 'drop' | 'duplicate' | 'reorder' | 'kill';
  probability?: number;
  count?: number;
  after?: number;
  seed?: number | string;
  delayMs?: number;
  status?: number;
  error?: string;
  match?: {
    function?: string;
    operation?: string;
    phase?: 'before' | 'after';
    nth?: number;
    contains?: string;
    route?: string;
    method?: 'POST' | 'GET' | 'DELETE';
    connectionId?: string;
    event?: 'open' | 'receive' | 'send';
  };
}

export interface FaultReport extends FaultRule {
  id: string;
  /** How often something passed that the rule chooses. */
  matched: number;
  /** How often it then did what the rule says. */
  fired: number;
}

/** A thing done at once: `engine` or `invoke` killed, or sockets cut (`kill`) or forgotten (`drop`). */
export interface FaultNow {
  point: 'engine' | 'invoke' | 'socket';
  action: 'kill' | 'drop';
  match?: { function?: string; connectionId?: string };
  probability?: number;
  count?: number;
  seed?: number | string;
}

export interface Rules {
  /** Puts rules in force, after those that are; rejects when one is not understood. */
  add(...rules: FaultRule[]): Promise<FaultReport[]>;
  remove(id: string): Promise<void>;
  clear(): Promise<void>;
  list(): Promise<FaultReport[]>;
  /** How many were hit. */
  now(fault: FaultNow): Promise<number>;
  /** Divides the times that a socket may live. */
  scale(scale: number): Promise<void>;
  /** Deletes the items whose time has passed; how many that were. */
  sweep(): Promise<number>;
}

/** The switchboard of the runtime whose address `url` gives. */
export function rulesOf(url: () => string): Rules {
  async function ask(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(`${url()}/_local/faults${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the switchboard refused ${method} ${path}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
  return {
    add: async (...rules) => (await ask('POST', '', rules)).rules,
    remove: (id) => ask('DELETE', `/${id}`),
    clear: () => ask('DELETE', ''),
    list: async () => (await ask('GET', '')).rules,
    now: async (fault) => (await ask('POST', '/now', fault)).affected,
    scale: (scale) => ask('POST', '/scale', { scale }),
    sweep: async () => (await ask('POST', '/sweep')).deleted,
  };
}
