import type { Child } from 'hono/jsx';
import type { Role } from '../../access/roles.ts';
import { roles } from '../../access/roles.ts';
import { Layout } from '../layout.tsx';
import { ReferralTable } from '../referral-table.tsx';
import type { Referrals } from '../referrals.ts';

interface HomeProps {
  who: Child;
  organization: string;
  role: Role;
  /** Absent: the role does not include referrals. */
  referrals?: Referrals | undefined;
  now: Date;
}

/** The referrals of the organization that a person acts for, as far as their role goes. */
export function PersonHome({ who, organization, role, referrals, now }: HomeProps) {
  return (
    <Layout title={`${organization} – Warm Handoff`} who={who}>
      <h1>{organization}</h1>
      {referrals ? (
        <Lists organization={organization} referrals={referrals} now={now} />
      ) : (
        <Elsewhere role={role} />
      )}
    </Layout>
  );
}

function Elsewhere({ role }: { role: Role }) {
  const { title, does, abilities } = roles[role];
  return (
    <div class="empty">
      <p>
        As {title.toLowerCase()} you do not see referrals. {does}
      </p>
      {abilities.includes('manage-people') && (
        <p>
          <a href="/people">People of the organization</a>
        </p>
      )}
      <p>
        <a href="/roles">What each role may do</a>
      </p>
    </div>
  );
}

function Lists({ organization, referrals, now }: { organization: string; referrals: Referrals; now: Date }) {
  const { yourTurn, waiting, finished, next } = referrals;
  if (yourTurn.length + waiting.length + finished.length === 0)
    return <p class="empty">No referrals yet: {organization} has sent none and was asked for none.</p>;
  return (
    <>
      <ReferralTable title="Your turn" referrals={yourTurn} now={now} empty="Nothing waits for you." />
      <ReferralTable title="Waiting for others" referrals={waiting} now={now} />
      <ReferralTable title="Finished" referrals={finished} now={now} finished />
      {next && (
        <p>
          <a href={`/?from=${encodeURIComponent(next)}`}>Earlier referrals</a>
        </p>
      )}
    </>
  );
}
