import type {
  OperationDefinition,
  OperationDefinitionParameter,
  Resource,
  SearchParameter,
} from '@medplum/fhirtypes';
import type { Definition, Guide } from './guide.ts';
import { Canonical, Command, Facts, GuidePage, Table } from './parts.tsx';
import { get } from './tries.ts';

interface Props<R extends Resource> {
  definition: Definition & R;
  guide: Guide;
  base: string;
}

/** An operation: where it is called, what goes in and what comes out. */
export function OperationPage({ definition, guide, base }: Props<OperationDefinition>) {
  const { code, parameter = [] } = definition;
  return (
    <GuidePage title={`$${code}: ${definition.title}`}>
      <Facts definition={definition} />
      <section>
        <h2>To try</h2>
        <Command>{callOf(definition, base)}</Command>
      </section>
      {(['in', 'out'] as const).map(use => (
        <Parameters
          title={use === 'in' ? 'What goes in' : 'What comes out'}
          parameters={parameter.filter(one => one.use === use)}
          guide={guide}
        />
      ))}
    </GuidePage>
  );
}

function callOf(
  { code, resource, instance, parameter = [], affectsState }: OperationDefinition,
  base: string,
): string {
  const [type = ''] = resource ?? [];
  const url = `${base}${type && `/${type}`}${instance ? '/one' : ''}/$${code}`;
  if (!affectsState) return get(url);
  const asked = parameter.filter(({ use, min }) => use === 'in' && min === 1);
  const body = {
    resourceType: 'Parameters',
    parameter: asked.map(({ name, type: of = 'string', documentation }) => ({
      name,
      [`value${of[0]?.toUpperCase()}${of.slice(1)}`]: documentation,
    })),
  };
  return [
    `curl -s -X POST '${url}' -H "Authorization: Bearer $TOKEN" \\`,
    "  -H 'Content-Type: application/fhir+json' -d @- <<'END'",
    JSON.stringify(body, null, 2),
    'END',
  ].join('\n');
}

function Parameters({
  title,
  parameters,
  guide,
}: {
  title: string;
  parameters: readonly OperationDefinitionParameter[];
  guide: Guide;
}) {
  if (parameters.length === 0) return null;
  const rows = parameters.flatMap(one => [
    { ...one, path: one.name },
    ...(one.part ?? []).map(part => ({ ...part, path: `${one.name}.${part.name}` })),
  ]);
  return (
    <section class="elements">
      <h2>{title}</h2>
      <Table caption={title} columns={['Parameter', 'How many', 'Type', 'What it is']}>
        {rows.map(({ path, min, max, type, documentation, binding }) => (
          <tr>
            <th scope="row">
              <code>{path}</code>
            </th>
            <td data-label="How many">
              {min}..{max}
            </td>
            <td data-label="Type">{type ?? 'parts'}</td>
            <td data-label="What it is">
              <div>
                {documentation}
                {binding?.valueSet && (
                  <span class="detail">
                    Codes ({binding.strength}): <Canonical url={binding.valueSet} guide={guide} />
                  </span>
                )}
              </div>
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

/** A search parameter. */
export function SearchParameterPage({ definition, base }: Props<SearchParameter>) {
  const { code, type, expression, target = [], base: types } = definition;
  return (
    <GuidePage title={`${types.join(', ')}: ${code}`}>
      <Facts definition={definition} />
      <dl class="facts">
        <dt>Type</dt>
        <dd>{type}</dd>
        <dt>FHIRPath</dt>
        <dd>
          <code>{expression}</code>
        </dd>
        {target.length > 0 && (
          <>
            <dt>Refers to</dt>
            <dd>{target.join(', ')}</dd>
          </>
        )}
      </dl>
      <section>
        <h2>To try</h2>
        <Command>{get(`${base}/${types[0]}?${code}=${target.at(0) ? 'Procedure/one' : 'value'}`)}</Command>
      </section>
    </GuidePage>
  );
}

/** A definition that has no page of its own kind. */
export function PlainPage({ definition }: { definition: Definition }) {
  return (
    <GuidePage title={definition.title ?? definition.name}>
      <Facts definition={definition} />
      <section>
        <h2>As JSON</h2>
        <Command>{JSON.stringify(contentOf(definition), null, 2)}</Command>
      </section>
    </GuidePage>
  );
}

/** Of a Library what is in it. */
function contentOf(definition: Definition): unknown {
  const { content } = definition as { content?: { data?: string }[] };
  const data = content?.[0]?.data;
  return data ? JSON.parse(Buffer.from(data, 'base64').toString()) : definition;
}

/** An example, whole. */
export function ExamplePage({ example, guide }: { example: Resource; guide: Guide }) {
  return (
    <GuidePage title={`Example: ${example.id?.replace(/^example-/, '').replaceAll('-', ' ')}`}>
      <p>
        Of{' '}
        {(example.meta?.profile ?? []).map(url => (
          <Canonical url={url} guide={guide} />
        ))}
        , from the fictional network of the demo. <a href={`/guide/example/${example.id}.json`}>As a file</a>
      </p>
      <Command>{JSON.stringify(example, null, 2)}</Command>
    </GuidePage>
  );
}
