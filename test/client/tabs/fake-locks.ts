/** The Web Locks of one browser: each tab has its own view of them, and loses its locks when it is killed. */
import type { LocksLike } from '../../../client/src/tabs/locks.ts';

interface LockRequest {
  tab: object;
  name: string;
  callback: Parameters<LocksLike['request']>[2];
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export class FakeLocks {
  private readonly held = new Map<string, LockRequest>();
  private queue: LockRequest[] = [];
  private readonly killed = new Set<object>();

  /** Returns the locks as that tab sees them. */
  of(tab: object): LocksLike {
    return {
      request: (name, { ifAvailable = false, steal = false, signal }, callback) =>
        new Promise((resolve, reject) => {
          const request = { tab, name, callback, resolve, reject };
          signal?.addEventListener('abort', () => {
            if (this.queue.includes(request)) reject(new DOMException('aborted', 'AbortError'));
            this.queue = this.queue.filter((other) => other !== request);
          });
          queueMicrotask(() => this.decide(request, { ifAvailable, steal }));
        }),
    };
  }

  /** Ends a tab: its locks are free. */
  kill(tab: object): void {
    this.killed.add(tab);
    this.queue = this.queue.filter((request) => request.tab !== tab);
    for (const [name, request] of this.held) if (request.tab === tab) this.free(name, request);
  }

  private decide(
    request: LockRequest,
    { ifAvailable, steal }: { ifAvailable: boolean; steal: boolean },
  ): void {
    if (this.killed.has(request.tab)) return;
    const holder = this.held.get(request.name);
    if (holder !== undefined && steal) {
      this.held.delete(request.name);
      holder.reject(new DOMException('stolen', 'AbortError'));
    } else if (holder !== undefined && ifAvailable) {
      request.resolve(request.callback(null));
      return;
    } else if (holder !== undefined) {
      this.queue.push(request);
      return;
    }
    this.grant(request);
  }

  private grant(request: LockRequest): void {
    this.held.set(request.name, request);
    void this.release(request, request.callback({ name: request.name }));
  }

  private async release(request: LockRequest, held: Promise<void> | undefined): Promise<void> {
    request.resolve(await held);
    this.free(request.name, request);
  }

  private free(name: string, request: LockRequest): void {
    if (this.held.get(name) !== request) return;
    this.held.delete(name);
    const next = this.queue.find((other) => other.name === name);
    this.queue = this.queue.filter((other) => other !== next);
    if (next !== undefined) this.grant(next);
  }
}
