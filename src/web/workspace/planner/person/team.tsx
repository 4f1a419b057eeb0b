import type { Parameters } from '@medplum/fhirtypes';
import { memberName } from '../case-manager.ts';
import type { Person } from './gather.ts';
import { Part } from './part.tsx';

/** Who does what for the person, the case manager first. */
export function Team({ person: { teams, get } }: { person: Pick<Person, 'teams' | 'get'> }) {
  const members = teams.flatMap(({ participant = [] }) => participant).filter(({ period }) => !period?.end);
  if (members.length === 0) return null;
  const lines = members.map(one => ({
    name: memberName(one, { get }) ?? 'Not shared with you',
    role: one.role?.[0]?.text ?? one.role?.[0]?.coding?.[0]?.display ?? '',
    carries: one.role?.some(({ coding }) => coding?.some(({ code }) => code === 'case-manager')) ?? false,
  }));
  const each = [...new Map(lines.map(one => [`${one.name} ${one.role}`, one])).values()];
  return (
    <Part id="team" title="Care team">
      <dl class="facts">
        {each
          .toSorted((a, b) => Number(b.carries) - Number(a.carries))
          .map(({ name, role }) => (
            <>
              <dt>{role}</dt>
              <dd>{name}</dd>
            </>
          ))}
      </dl>
      {!each.some(({ carries }) => carries) && <p class="quiet">No case manager yet.</p>}
    </Part>
  );
}

/** How complete the case is, by the answer of `$completeness`. */
export function Completeness({ of }: { of: Parameters | undefined }) {
  const parts = of?.parameter ?? [];
  const percent = parts.find(({ name }) => name === 'percent')?.valueInteger;
  if (percent === undefined) return null;
  const missing = parts
    .filter(({ name }) => name === 'missing')
    .map(({ part = [] }) => part.find(({ name }) => name === 'ask')?.valueString)
    .filter(one => one !== undefined);
  return (
    <Part id="complete" title="The case is complete to">
      <p class="percent">
        <strong>{percent} %</strong>
        <progress max={100} value={percent} aria-labelledby="complete" />
      </p>
      {missing.length > 0 && (
        <>
          <p class="quiet">Still missing:</p>
          <ul>
            {missing.map(one => (
              <li>{one}</li>
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}
