/** Sets fault rules in a running local runtime, over its HTTP endpoint. */

export type PointName =
  | 'database'
  | 'engine'
  | 'connections'
  | 'storage'
  | 'events'
  | 'invoke'
  | 'async'
  | 'stream'
  | 'secrets'
  | 'environment'
  | 'socket';

/** What fails, and where. `local/faults/rule.ts` documents the fields. */
export interface FaultRule {
  id?: string;
  point: PointName;
  action: 'fail' | 'delay' | 'drop' | 'duplicate' | 'reorder' | 'kill' | 'hang' | 'freeze';
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
    key?: string;
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
  /** How often a call matched the rule. */
  matched: number;
  /** How often the rule then took effect. */
  fired: number;
}

/**
 * A fault at once: kills the engine or an invocation, cuts sockets (`kill`), or loses them without a close (`drop`).
 */
export interface FaultNow {
  point: 'engine' | 'invoke' | 'socket';
  action: 'kill' | 'drop';
  match?: { function?: string; connectionId?: string };
  probability?: number;
  count?: number;
  seed?: number | string;
}

export interface Rules {
  /** Adds rules after the present ones. Rejects when one of them is invalid. */
  add(...rules: FaultRule[]): Promise<FaultReport[]>;
  remove(id: string): Promise<void>;
  clear(): Promise<void>;
  list(): Promise<FaultReport[]>;
  /** Returns how often all rules together took effect. */
  countFired(): Promise<number>;
  /** Returns how many sockets or invocations were affected. */
  now(fault: FaultNow): Promise<number>;
  /** Divides the time limits of sockets by `scale`. */
  scale(scale: number): Promise<void>;
  /** Deletes the items whose TTL has passed, and returns how many there were. */
  sweep(): Promise<number>;
  /** Makes all objects older, deletes those that the rules of their buckets end, and returns how many there were. */
  passDays(days: number): Promise<number>;
}

/** Returns the rules of the runtime at `url()`. */
export function rulesOf(url: () => string): Rules {
  async function send(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(`${url()}/_local/faults${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} of the fault rules was refused: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
  const list = async (): Promise<FaultReport[]> => (await send('GET', '')).rules;
  return {
    add: async (...rules) => (await send('POST', '', rules)).rules,
    remove: (id) => send('DELETE', `/${id}`),
    clear: () => send('DELETE', ''),
    list,
    countFired: async () => (await list()).reduce((sum, { fired }) => sum + fired, 0),
    now: async (fault) => (await send('POST', '/now', fault)).affected,
    scale: (scale) => send('POST', '/scale', { scale }),
    passDays: async (days) => (await send('POST', '/days', { days })).deleted,
    sweep: async () => (await send('POST', '/sweep')).deleted,
  };
}
