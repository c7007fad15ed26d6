/** A connection gateway with scripted outcomes. */
import type { PostOutcome, ConnectionGateway } from '../../../shared/realtime/connection-gateway.ts';

export interface ScriptedGateway extends ConnectionGateway {
  /** Returns the parsed frames that were posted to a connection, in their order, whatever the outcome. */
  framesTo(connectionId: string): any[];
  /** The posts and closes in their order, as in `post c1 ready`, `close c1`. */
  done: string[];
}

/** Every post succeeds, unless the script of its connection returns another outcome. */
export function scriptedGateway(
  script: Record<string, (frame: string) => PostOutcome | Promise<PostOutcome>> = {},
): ScriptedGateway {
  const frames: { connectionId: string; frame: any }[] = [];
  const done: string[] = [];
  return {
    done,
    framesTo: (id) => frames.filter(({ connectionId }) => connectionId === id).map(({ frame }) => frame),
    async post(connectionId, frame) {
      const parsed: any = JSON.parse(frame);
      frames.push({ connectionId, frame: parsed });
      const types = Array.isArray(parsed) ? parsed.map(({ type }) => type).join('+') : parsed.type;
      done.push(`post ${connectionId} ${types}`);
      return (await script[connectionId]?.(frame)) ?? 'sent';
    },
    async close(connectionId) {
      done.push(`close ${connectionId}`);
    },
  };
}
