import type { Child } from 'hono/jsx';

/** Facts as terms and descriptions; those without anything to say are left out. */
export function Facts({ facts }: { facts: readonly (readonly [term: string, said: readonly Child[]])[] }) {
  return (
    <dl class="facts">
      {facts
        .filter(([, said]) => said.length > 0)
        .map(([term, said]) => (
          <>
            <dt>{term}</dt>
            <dd>
              {said.map(one => (
                <div>{one}</div>
              ))}
            </dd>
          </>
        ))}
    </dl>
  );
}
