import type {
  CodeSystem,
  ConceptMap,
  OperationDefinition,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { HubError } from '../../errors.ts';
import { page, secured } from '../page.ts';
import { CodeSystemPage, ConceptMapPage, ValueSetPage } from './code-pages.tsx';
import { type Definition, type Guide, loadGuide } from './guide.ts';
import { ExamplePage, OperationPage, PlainPage, SearchParameterPage } from './other-pages.tsx';
import { OverviewPage } from './overview-page.tsx';
import { ProfilePage } from './profile-page.tsx';

/**
 * The integration guide, open to everyone: an overview at `/guide`, a page for each definition at
 * `/guide/{type}/{id}`, each example at `/guide/example/{id}`; with `.json` at the end the resource itself.
 *
 * @param base the FHIR base, as clients write it
 */
export function guideRoutes(base: string): Hono {
  const app = new Hono();
  const guide = once(loadGuide);
  app.use('/guide', secured);
  app.use('/guide/*', secured);
  app.get('/guide', async c => c.html(page(<OverviewPage guide={await guide()} base={base} />)));
  app.get('/guide/:type/:name', async c => {
    const { type, name } = c.req.param();
    const [, id = '', json] = /^(.*?)(\.json)?$/.exec(name) ?? [];
    const content = await guide();
    const found = type === 'example' ? content.examples.find(one => one.id === id) : content.find(type, id);
    if (!found) throw new HubError('not-found', 'The guide has no page about this.');
    if (json) return c.body(JSON.stringify(found, null, 2), 200, { 'Content-Type': 'application/fhir+json' });
    return c.html(
      page(
        type === 'example' ? (
          <ExamplePage example={found} guide={content} />
        ) : (
          definitionPage(found as Definition, content, base)
        ),
      ),
    );
  });
  return app;
}

function definitionPage(definition: Definition, guide: Guide, base: string) {
  switch (definition.resourceType) {
    case 'StructureDefinition':
      return (
        <ProfilePage definition={definition as Definition & StructureDefinition} guide={guide} base={base} />
      );
    case 'CodeSystem':
      return <CodeSystemPage definition={definition as Definition & CodeSystem} guide={guide} />;
    case 'ValueSet':
      return <ValueSetPage definition={definition as Definition & ValueSet} guide={guide} />;
    case 'ConceptMap':
      return <ConceptMapPage definition={definition as Definition & ConceptMap} guide={guide} />;
    case 'OperationDefinition':
      return (
        <OperationPage
          definition={definition as Definition & OperationDefinition}
          guide={guide}
          base={base}
        />
      );
    case 'SearchParameter':
      return (
        <SearchParameterPage
          definition={definition as Definition & SearchParameter}
          guide={guide}
          base={base}
        />
      );
    default:
      return <PlainPage definition={definition} />;
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
