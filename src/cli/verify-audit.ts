import { parseArgs } from 'node:util';
import { notedHead } from '../audit/sealer.ts';
import type { AuditHead } from '../store/audit/types.ts';
import { type Verified, verify } from '../store/audit/verify.ts';
import { type Command, exitCode, UsageError, withHub } from './command.ts';

export const verifyAudit: Command = {
  name: 'verify-audit',
  summary: 'check that nothing in the audit was changed, removed or inserted',
  usage: `hub verify-audit [--known HEAD …] [--json]

Follows the hash chain of the audit from its first event to the last one that is sealed, also while a hub runs.
Ends with 0 when it is whole and with 1 at the first break, and says how many events are good.

  --known HEAD    a head that an earlier check printed (ROWS:NUMBER:HASH) and that was kept elsewhere: the chain
                  must still lead through it. Somebody who rewrites the whole audit is found by this alone.
  --json          print {"good", "head", "broken"?: {"seq", "why"}}`,

  async run(args, io, open) {
    const { values } = parseArgs({
      args,
      options: { known: { type: 'string', multiple: true }, json: { type: 'boolean' } },
    });
    const known = (values.known ?? []).map(readHead);
    const result = await withHub(open, async ({ auditStore, store, parts }) => {
      const noted = await notedHead(store, parts.clock);
      return verify(auditStore, noted ? [...known, noted] : known);
    });
    if (values.json) io.out(JSON.stringify(result));
    else for (const line of told(result)) io.out(line);
    return result.broken ? exitCode.failed : exitCode.ok;
  },
};

function told({ good, head, broken }: Verified): string[] {
  if (!broken) return [`The audit is whole: ${good} events.`, `head ${head.rows}:${head.seq}:${head.hash}`];
  return [`The audit is broken at event ${broken.seq}: ${broken.why}.`, `${good} events before it are good.`];
}

function readHead(text: string): AuditHead {
  const match = /^(\d{1,15}):(\d{1,15}):([\w-]{43})$/.exec(text);
  if (!match)
    throw new UsageError(
      `--known ${text.slice(0, 80)} is not a head: write ROWS:NUMBER:HASH as it was printed`,
    );
  return { rows: Number(match[1]), seq: Number(match[2]), hash: match[3] ?? '' };
}
