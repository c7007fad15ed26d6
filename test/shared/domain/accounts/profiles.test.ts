import { describe, expect, it } from 'vitest';
import { findUsers, getProfile, updateProfile } from '../../../../shared/domain/accounts/profiles.ts';
import { ann, uuid } from '../../../kit/memory-chat/system.ts';
import { memoryAccounts } from './memory-accounts.ts';

describe('a profile', () => {
  it('keeps the fields that are not changed', async () => {
    const { ports, register } = memoryAccounts();
    const { id } = await register('ann', 'ann@example.com');
    const caller = { ...ann, userId: id };
    await updateProfile(ports, caller, { firstName: 'Ann', lastName: 'Arbor' });
    await updateProfile(ports, caller, { firstName: undefined, lastName: '' });
    expect(await getProfile(ports, caller)).toEqual({
      id,
      username: 'ann',
      email: 'ann@example.com',
      first_name: 'Ann',
      last_name: '',
      profile_picture: null,
    });
  });

  it('of a user who no longer exists is neither read nor changed', async () => {
    const { ports } = memoryAccounts();
    const caller = { ...ann, userId: uuid(77) };
    await expect(getProfile(ports, caller)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(updateProfile(ports, caller, { firstName: 'A', lastName: undefined })).rejects.toMatchObject(
      { code: 'unauthorized' },
    );
  });

  it('is found by the beginning of the username, and shows no e-mail address', async () => {
    const { ports, register } = memoryAccounts();
    await register('ann', 'ann@example.com');
    await register('bob');
    expect(await findUsers(ports, 'A')).toEqual([
      { id: expect.any(String), username: 'ann', profile_picture: null },
    ]);
  });
});
