import { Fragment } from 'hono/jsx';
import { abilities, roleNames, roles } from '../../access/roles.ts';
import { Layout } from '../layout.tsx';

const words: Record<string, string> = { c: 'create', r: 'read', u: 'change', d: 'delete', s: 'search' };

/** What each role may do, as the table that is enforced has it. */
export function RolesPage() {
  return (
    <Layout title="Roles – Warm Handoff">
      <h1>What each role may do</h1>
      <p class="lead">
        A role says what somebody may do for their organization. Whose records they reach is decided apart
        from it: by referrals, care teams and consents of the organization.
      </p>
      {roleNames.map(name => {
        const { title, does, scopes, abilities: own, secondFactor } = roles[name];
        return (
          <section aria-labelledby={name}>
            <h2 id={name}>{title}</h2>
            <p>{does}</p>
            {own.length > 0 && (
              <ul>
                {own.map(one => (
                  <li>{abilities[one]}</li>
                ))}
              </ul>
            )}
            <details>
              <summary>
                Resources<span class="hidden"> of the role {title}</span>
              </summary>
              <dl class="scopes">
                {byLetters(scopes).map(([letters, types]) => (
                  <Fragment>
                    <dt>{[...letters].map(letter => words[letter]).join(', ')}</dt>
                    <dd>
                      {types
                        .map(type => (type === '*' ? 'everything the organization sees' : type))
                        .join(', ')}
                    </dd>
                  </Fragment>
                ))}
              </dl>
            </details>
            {secondFactor && <p class="quiet">Always signs in with a second factor.</p>}
          </section>
        );
      })}
    </Layout>
  );
}

/** Types with the same interactions together. */
function byLetters(scopes: Readonly<Record<string, string>>): [string, string[]][] {
  const groups = Map.groupBy(Object.keys(scopes), type => scopes[type] ?? '');
  return [...groups];
}
