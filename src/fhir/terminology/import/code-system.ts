import { readFile } from 'node:fs/promises';
import { MemoryCodes } from '../memory-codes.ts';
import { isTerminology } from '../published.ts';
import { notTheFormat, onlyFile, type ReleaseReader, said } from './release.ts';

/** A CodeSystem resource in JSON. */
export const readCodeSystem: ReleaseReader = async (files, { url, version, name }) => {
  const file = onlyFile(files, 'codesystem.json');
  const resource = JSON.parse(await readFile(file, 'utf8'));
  if (!isTerminology(resource) || resource.resourceType !== 'CodeSystem')
    throw notTheFormat(file, 'is no CodeSystem resource');
  if (resource.content !== 'complete')
    throw notTheFormat(
      file,
      `has only a part of its codes (content: ${resource.content}): that would be taken for all`,
    );
  const codes = new MemoryCodes(resource);
  return {
    url: said(url ?? resource.url, '--url https://example.org/codes'),
    version: said(version ?? resource.version, '--version 1'),
    about: { name: name ?? codes.name, ...(resource.copyright ? { notice: resource.copyright } : {}) },
    concepts: [...codes.all],
  };
};
