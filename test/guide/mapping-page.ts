import { join } from 'node:path';
import type { ElementDefinition, Resource, StructureDefinition } from '@medplum/fhirtypes';

export const mappingFile = join(import.meta.dirname, '../../docs/guide-mapping.md');

/** docs/guide-mapping.md: how each element of each profile reads in other guides, from the profiles' own mappings. */
export function mappingPage(definitions: readonly Resource[]): string {
  const profiles = definitions
    .filter(one => one.resourceType === 'StructureDefinition')
    .filter(({ type, mapping }) => type !== 'Extension' && mapping?.length)
    .sort((a, b) => (a.url < b.url ? -1 : 1));
  return `${[introduction, ...profiles.map(section)].join('\n\n')}\n`;
}

const introduction = `# The profiles element by element in other guides

Made by \`npm run guide\` from the mappings in \`profiles/fsh\`; do not edit it here. Compatible means: an instance of the
hub's profile is one of the other guide's as well where the comment says nothing else. The guide itself is at \`/guide\`
of a running hub.`;

function section(profile: StructureDefinition): string {
  const tables = (profile.mapping ?? []).map(({ identity, uri, name }) => {
    const rows = (profile.differential?.element ?? []).flatMap(element => row(element, identity));
    return rows.length > 0
      ? [`### ${name}\n\n${uri}\n\n| ${profile.title} | there | |\n| --- | --- | --- |`, ...rows].join('\n')
      : '';
  });
  return [`## ${profile.title}: \`${profile.type}\``, ...tables.filter(Boolean)].join('\n\n');
}

function row({ id, mapping = [] }: ElementDefinition, identity: string): string[] {
  return mapping
    .filter(one => one.identity === identity)
    .map(one => `| \`${id}\` | ${one.map} | ${one.comment ?? ''} |`);
}
