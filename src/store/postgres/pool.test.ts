import { expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { HubError } from '../../errors.ts';
import { translate } from './errors.ts';
import { createPool } from './pool.ts';

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
