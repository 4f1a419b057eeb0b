import { expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { HubError } from '../../errors.ts';
import { translate } from './errors.ts';
import { createPool } from './pool.ts';

eachDatabase('the settings of a connection', database => {
  it.runIf(database.name === 'postgres')('compile no plans, whatever else is asked for', async () => {
    const { url = '' } = await database.options();
    const pool = createPool(url, { options: '-c synchronous_commit=off' });
    const shown = await Promise.all(['jit', 'synchronous_commit'].map(name => pool.query(`SHOW ${name}`)));
    await pool.end();
    expect(shown.flatMap(({ rows }) => rows)).toEqual([{ jit: 'off' }, { synchronous_commit: 'off' }]);
  });
});

eachDatabase('a statement that takes too long', database => {
  it.runIf(database.name === 'postgres')(
    'is given up by the server, and the caller told to ask less',
    async () => {
      const { url = '' } = await database.options();
      const pool = createPool(url);
      const shown = await pool.query('SHOW statement_timeout');
      await pool.end();
      expect(shown.rows).toEqual([{ statement_timeout: '1min' }]);
      const hasty = createPool(url, { statement_timeout: 50 });
      const refusal = await hasty.query('SELECT pg_sleep(5)').then(() => undefined, translate);
      await hasty.end();
      expect(refusal).toBeInstanceOf(HubError);
      expect(refusal).toMatchObject({ kind: 'unavailable', problems: [{ code: 'too-costly' }] });
    },
  );
});
