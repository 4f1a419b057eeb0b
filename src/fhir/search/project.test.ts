import type { DocumentReference, Observation, Patient, Task } from '@medplum/fhirtypes';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedDefinitions } from '../definitions/definitions.ts';
import { testDefinitions } from '../definitions/test-definitions.ts';
import { project } from './project.ts';

let definitions: LoadedDefinitions;
beforeAll(async () => {
  definitions = await testDefinitions();
});

const elementsOf = (type: string) => definitions.schema.properties(type);
const subsetted = expect.objectContaining({ code: 'SUBSETTED' });

const patient: Patient & { _birthDate: unknown } = {
  resourceType: 'Patient',
  id: '1',
  meta: { versionId: '3', tag: [{ system: 's', code: 'kept' }] },
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
  name: [{ family: 'Beatty' }],
  birthDate: '1980-01-01',
  _birthDate: { id: 'b' },
  maritalStatus: { text: 'married' },
  contact: [{ name: { family: 'Other' } }],
  link: [{ other: { reference: 'Patient/2' }, type: 'seealso' }],
};

describe('project', () => {
  it('gives the same object when everything is asked for', () => {
    expect(project(patient, {}, elementsOf)).toBe(patient);
    expect(project(patient, { summary: 'false' }, elementsOf)).toBe(patient);
  });

  it.each([
    [{ summary: 'true' as const }, ['name', 'birthDate', '_birthDate', 'link']],
    [{ summary: 'text' as const }, ['text']],
    [{ summary: 'data' as const }, ['name', 'birthDate', '_birthDate', 'maritalStatus', 'contact', 'link']],
    [{ elements: ['name', 'Patient.contact', 'Task.status'] }, ['name', 'contact']],
    [{ elements: ['birthDate'] }, ['birthDate', '_birthDate']],
    [{ elements: ['nothing'] }, []],
  ])('%j keeps %j', (projection, names) => {
    const kept = project(patient, projection, elementsOf);
    expect(Object.keys(kept).sort()).toEqual(['id', 'meta', 'resourceType', ...names].sort());
    expect(kept.meta).toEqual({ versionId: '3', tag: [{ system: 's', code: 'kept' }, subsetted] });
  });

  it('keeps mandatory elements, and the typed form of a choice by its own name alone', () => {
    const observation: Observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'c' },
      valueQuantity: { value: 1 },
      note: [{ text: 'n' }],
    };
    const kept = project(observation, { elements: ['value'] }, elementsOf);
    expect(Object.keys(kept).sort()).toEqual(['code', 'meta', 'resourceType', 'status', 'valueQuantity']);
    const task: Task = {
      resourceType: 'Task',
      status: 'draft',
      intent: 'order',
      statusReason: { text: 'r' },
    };
    expect(Object.keys(project(task, { elements: ['status'] }, elementsOf))).not.toContain('statusReason');
  });

  it('leaves out of an element what a summary does not show', () => {
    const document: DocumentReference = {
      resourceType: 'DocumentReference',
      status: 'current',
      content: [{ attachment: { contentType: 'text/plain', title: 't', data: 'eA==' } }],
    };
    const kept = project(document, { summary: 'true' }, elementsOf) as DocumentReference;
    expect(kept.content).toEqual([{ attachment: { contentType: 'text/plain', title: 't' } }]);
  });

  it('tags once, however often it is applied', () => {
    const once = project(patient, { summary: 'true' }, elementsOf);
    expect(project(once, { summary: 'true' }, elementsOf).meta?.tag).toHaveLength(2);
  });
});
