import { Head } from '../../../components/head.tsx';
import { Icon } from '../../../components/icon.tsx';
import { emergencyPath } from '../emergency/page.tsx';

interface NotHereProps {
  patient: string;
  /** Whether the reader's role includes emergency access. */
  emergency: boolean;
}

/** In the place of a person whom the reader does not see, whether the hub knows them or not. */
export const NotHere = ({ patient, emergency }: NotHereProps) => (
  <>
    <Head title="Not found">
      Your organization sees nobody at this address: they are not in your care, and no referral of theirs came
      to you.
    </Head>
    <p>
      <a href="/search">Search</a>, or begin again at <a href="/">the start</a>.
    </p>
    {emergency && (
      <p>
        <a class="button danger" href={`${emergencyPath}?patient=${encodeURIComponent(patient)}`}>
          <Icon name="flame" /> It is an emergency
        </a>
      </p>
    )}
  </>
);
