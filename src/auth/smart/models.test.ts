import type { Adapter } from 'oidc-provider/lib/provider.js';
import { expect, it } from 'vitest';
import { fakeClock } from '../../../test/harness/clock.ts';
import { eachDatabase } from '../../../test/harness/databases.ts';
import type { Records } from '../../store/store.ts';
import { createGrants } from './grants.ts';
import { appModel } from './models.ts';

eachDatabase('a refresh token', database => {
  it('that was used twice is of no use to a third, who has read it before its grant ended', async () => {
    const clock = fakeClock();
    const { records } = await database.open();
    const model = (of: Records): Adapter =>
      appModel({ records: of, clock, grants: createGrants(of, clock) }, 'RefreshToken', {} as Adapter);
    const token = { kind: 'RefreshToken', grantId: 'the-grant', clientId: 'app' };
    await model(records).upsert('secret', token, 3600);

    const read = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const slow = model({
      ...records,
      async get(kind, id, now) {
        const record = await records.get(kind, id, now);
        read.resolve();
        await ended.promise;
        return record;
      },
    });
    const third = slow.consume('secret');
    await read.promise;
    await model(records).consume('secret');
    await expect(model(records).consume('secret')).rejects.toMatchObject({ error: 'invalid_grant' });
    ended.resolve();
    await expect(third).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
