/** Defect: the sockets of a user whose membership ends keep the room. */
import * as original from '../../../shared/domain/rooms/membership/end-membership.ts';

export * from '../../../shared/domain/rooms/membership/end-membership.ts';

export const endMembership: typeof original.endMembership = (ports, ...input) =>
  original.endMembership(keepingSockets(ports), ...input);

export const finishRemoval: typeof original.finishRemoval = (ports, ...input) =>
  original.finishRemoval(keepingSockets(ports), ...input);

function keepingSockets(ports: original.EndMembershipPorts): original.EndMembershipPorts {
  return {
    ...ports,
    subscriptions: { ...ports.subscriptions, remove: async () => true },
    connections: { ...ports.connections, updateRoom: async () => undefined },
  };
}
