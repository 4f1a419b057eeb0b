import { type Checked, checkPacket } from '../../packet/check.ts';
import { type Criterion, counts } from './criterion.ts';

/**
 * What the service asks for with a referral, against what is attached: the share that is there. It never excludes,
 * since what is missing can be attached, or sent without for a reason.
 */
export const packet: Criterion = ({ packet: own }, { asksFor = [] }) => {
  if (!own) return undefined;
  const checked = checkPacket(asksFor, own).filter(({ need }) => need.strength !== 'welcome');
  if (checked.length === 0) return counts(1, 'Asks for nothing more with a referral.');
  const missing = checked.filter(({ status }) => status !== 'attached');
  if (missing.length === 0) return counts(1, 'All that it asks for with a referral is attached.');
  const where = own.unseen ? 'missing, as far as can be seen' : 'missing';
  return counts(
    1 - missing.length / checked.length,
    `Asks for ${all.format(missing.map(one => told(one, where)))}.`,
  );
};

const all = new Intl.ListFormat('en', { type: 'conjunction' });

const told = ({ need }: Checked, where: string): string =>
  `${need.title} (${where}${need.strength === 'required' ? ', and it takes no referral without' : ''})`;
