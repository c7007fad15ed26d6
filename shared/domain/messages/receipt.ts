/** How far other users see that a member has read: marking messages as unread does not take it back. */
interface Reading<Read extends { seq: number }> {
  lastRead?: Read;
  furthestRead?: Read;
}

/** Returns the furthest that a member has read; undefined when they have read nothing. */
export function receiptOf<Read extends { seq: number }>({
  lastRead,
  furthestRead,
}: Reading<Read>): Read | undefined {
  const receipt = (furthestRead?.seq ?? 0) > (lastRead?.seq ?? 0) ? furthestRead : lastRead;
  return receipt?.seq === 0 ? undefined : receipt;
}
