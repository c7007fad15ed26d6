import { theModel, tellStories } from './scenarios/the-model.ts';
const which = process.argv[2]!;
const dbg = process.env['DBG'];
const P: Record<string, any[]> = {
  none: [],
  ackBeforePut: [{ file: 'shared/domain/messages/send-message.ts', find: "const put = await log.putMessage(entry, contentHash);", replace: "const put = Math.abs(head.seq % 7) === 3 ? {stored: true as const} : await log.putMessage(entry, contentHash);" }],
  keyIgnored: [{ file: 'shared/storage/log-store.ts', find: "if (entry.clientId === undefined) {", replace: "if (true) {" }],
  noFill: [{ file: 'shared/domain/messages/holes.ts', find: "if (clock.now() - hole.at < holeAgeMs)", replace: "if (true)" }],
  skipHistory: [{ file: 'shared/realtime/send-history.ts', find: "const targets = await findTargets(ports, head.roomId, entries);", replace: "const targets = await findTargets(ports, head.roomId, entries); entries.splice(2, 1);" }],
  skipSocket: [{ file: 'shared/realtime/fan-out.ts', find: "  const { connectionId, openedAt } = recipient;", replace: "  const { connectionId, openedAt } = recipient; if (now % 50 === 0) return;" }],
  removalForgets: [{ file: 'shared/domain/rooms/members.ts', find: "if (listenerId !== userId) continue;", replace: "continue;" }],
  orphan: [{ file: 'shared/realtime/open-room.ts', find: "if (!isAdmitted || !isOpen) {", replace: "if (!isAdmitted) {" }],
  doorGap: [{ file: 'shared/realtime/publish-entry.ts', find: "await fanOut(ports, await readAudience(ports, roomId, shards), events);", replace: "const a = await readAudience(ports, roomId, shards); await fanOut(ports, a.slice(0, 0), events);" }],
  editOverDelete: [{ file: 'shared/storage/log-store.ts', find: "return target?.item === undefined || target.item['deleted_at'] !== undefined ? 'deleted' : 'overtaken';", replace: "return 'overtaken';" }],
  voidsNotCounted: [{ file: 'shared/domain/views.ts', find: "head === undefined ? 0 : Math.max(0, head.taken - head.voids)", replace: "head === undefined ? 0 : head.taken" }],
};
for (const name of which === 'all' ? Object.keys(P).slice(1) : [which]) {
const t = Date.now();
const r = await tellStories(Number(process.argv[3] ?? 1), { stories: Number(process.argv[4] ?? 60), commands: Number(process.argv[5] ?? 40) }, P[name]);
console.log(name, Date.now() - t, 'ms', r.told, r.divergence?.slice(0, 300), name === 'none' ? r.facts : '');
}
void theModel;
