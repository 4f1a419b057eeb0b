import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { HubError } from './errors.ts';
import { type EscalationRules, escalationRules } from './referral/escalation/ladder.ts';
import { type DueRules, dueRules } from './referral/lifecycle/due.ts';
import { type ReferralRules, rulePacks } from './referral/rule-packs.ts';

/**
 * The rules for referrals: those that are shipped, or where the folder has a file of the same name, that one whole.
 * Error: a file that is no such rule pack, with everything that is wrong in it.
 */
export async function readRules(folder: string | undefined): Promise<ReferralRules> {
  const shipped: ReferralRules = { due: dueRules, escalation: escalationRules };
  if (folder === undefined) return shipped;
  const names = (await readdir(folder)).filter(name => name.endsWith('.json'));
  const known = Object.keys(rulePacks).map(name => `${name}.json`);
  const stray = names.filter(name => !known.includes(name));
  if (stray.length > 0)
    throw new HubError(
      'invalid',
      `${folder}: ${stray.join(', ')}: the rules one can set are ${known.join(', ')}.`,
    );
  const own = async (name: keyof typeof rulePacks): Promise<unknown> =>
    names.includes(`${name}.json`) ? readPack(join(folder, `${name}.json`), rulePacks[name]) : undefined;
  return {
    due: ((await own('referral-due')) as DueRules | undefined) ?? shipped.due,
    escalation: ((await own('escalation')) as EscalationRules | undefined) ?? shipped.escalation,
  };
}

async function readPack(file: string, schema: z.ZodType): Promise<unknown> {
  const result = schema.safeParse(parsed(await readFile(file, 'utf8'), file));
  if (!result.success)
    throw new HubError('invalid', `${file} is not right:\n${z.prettifyError(result.error)}`);
  return result.data;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HubError('invalid', `${file} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}
