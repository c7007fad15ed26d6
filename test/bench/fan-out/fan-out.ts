/** Measures what it costs to post to many sockets. */

import type { BenchContext } from '../section.ts';
import { measureCpuPerPost } from './cpu-per-post.ts';
import { measureLargeRooms } from './large-rooms.ts';

export async function measureFanOut(context: BenchContext): Promise<void> {
  await measureCpuPerPost(context);
  await measureLargeRooms(context);
}
