import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, ServiceRequest, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFiles } from '../../src/exchange/import/import.ts';
import { findSources } from '../../src/exchange/import/source-files.ts';
import { nextStepOf } from '../../src/referral/lifecycle/next-step.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { fulfill } from '../harness/referral.ts';
import { output, procedureFor } from './gravity-traffic.ts';

const examples = join(import.meta.dirname, '../../../shared/data/gravity');
const hasExamples = existsSync(examples);
if (!hasExamples)
  process.stderr.write(`skipped: there is no ${examples} with the examples of Gravity's guide\n`);

const id = (name: string): string => `SDOHCC-${name}Example`;
const clinicId = id('OrganizationClinic');
const order = `Task/${id('TaskReferralManagementOrderFulfillmentAccepted')}`;
const subtask = `Task/${id('TaskReferralManagementOrderSubtaskAccepted')}`;
const active = `ServiceRequest/${id('ServiceRequestActiveFoodPantryApplicationAssist')}`;
const bser = (code: string) => ({
  coding: [{ system: 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS', code }],
});

describe.skipIf(!hasExamples)(
  'the examples of the Gravity guide (skipped where ../shared/data is absent)',
  () => {
    eachDatabase('after hub import', database => {
      let hub: TestHub;
      let clinic: Party;
      let platform: Party;
      let payer: Party;

      beforeAll(async () => {
        hub = await startTestHub(database);
        // The clinic imports what its own system has; the other organizations of the examples come with it.
        clinic = await hub.party(clinicId, { loads: true });
        const actor = await hub.hub.authorization.authenticate(`Bearer ${clinic.token}`);
        const refused: string[] = [];
        const { files } = await findSources([examples]);
        const tally = await importFiles(files, {
          parts: hub.hub.parts,
          repository: hub.hub.repository({ ...actor, importing: true }),
          restart: false,
          listener: {
            skipped: () => undefined,
            refused: ({ name }, { problems }) => void refused.push(`${name}: ${problems[0]?.text}`),
            ended: () => undefined,
            moved: () => undefined,
          },
        });
        expect(refused).toEqual([]);
        expect(tally.total()).toMatchObject({ created: 57, updated: 1, refused: 0 });
        platform = await hub.party('platform', { of: id('OrganizationCoordinationPlatform') });
        payer = await hub.party('payer', { of: id('OrganizationPayer') });
      });
      afterAll(() => hub?.stop());

      const read = async <R>(party: Party, reference: string): Promise<R> => {
        const answer = await party.get(`/${reference}`);
        expect(answer.status, `${reference}: ${answer.text}`).toBe(200);
        return answer.json as R;
      };
      const move = async (party: Party, reference: string, change: Partial<Task>): Promise<Task> => {
        const answer = await party.update({ ...(await read<Task>(party, reference)), ...change } as Task);
        expect(answer.status, answer.text).toBe(200);
        return answer.json as Task;
      };
      const openOnes = async (party: Party): Promise<Task[]> => {
        const { json } = await party.get('/Task?status=requested,accepted,in-progress,on-hold');
        return ((json as Bundle).entry ?? []).map(one => one.resource as Task);
      };
      /** `whose turn: what`, and that it is due. */
      const next = (task: Task): string => {
        const step = nextStepOf(task);
        expect(Date.parse(step?.due ?? ''), `${task.id} is due`).toBeGreaterThan(hub.clock.now().getTime());
        return `${step?.turn.replace(/^SDOHCC-Organization|Example$/g, '')}: ${step?.action}`;
      };

      it('each open Task says whose turn it is, what is next and by when; nothing else does', async () => {
        const open = await openOnes(clinic);
        expect(Object.fromEntries(open.map(task => [`Task/${task.id}`, next(task)]))).toEqual({
          [order]: 'CoordinationPlatform: schedule',
          [subtask]: 'Clinic: schedule',
        });
        const all = ((await clinic.get('/Task?_count=50')).json as Bundle).entry ?? [];
        expect(all).toHaveLength(8);
        const over = all.map(one => one.resource as Task).filter(task => task.status === 'completed');
        for (const task of over) expect(task.extension, task.id).toBeUndefined();
      });

      it('no bot has started because of it', async () => {
        await hub.settle();
        expect(await openOnes(clinic)).toHaveLength(2);
        expect((await read<Task>(clinic, order)).meta?.versionId).toBe('1');
      });

      it('the clinic works on what the platform asked it, and the platform passes the outcome on', async () => {
        const period = { start: '2026-03-04T09:00:00Z', end: '2026-03-04T10:00:00Z' };
        const scheduled = await move(clinic, subtask, {
          status: 'in-progress',
          businessStatus: bser('5.1.1'),
          executionPeriod: period,
        });
        expect(next(scheduled)).toBe('Clinic: record-visit');
        await move(clinic, subtask, { businessStatus: bser('5.1.4') });
        const request = await read<ServiceRequest>(clinic, scheduled.focus?.reference ?? '');
        const procedure = await clinic.create(procedureFor(request));
        const outputs = [output('resulting-activity', `Procedure/${procedure.id}`)];
        const done = await move(clinic, subtask, { status: 'completed', output: outputs });
        expect(nextStepOf(done)).toBeUndefined();

        await read(platform, `Procedure/${procedure.id}`);
        const started = await move(platform, order, { status: 'in-progress' });
        expect(next(started)).toBe('CoordinationPlatform: schedule');
        const above = await move(platform, order, { status: 'completed', output: outputs });
        expect(next(above)).toBe('Clinic: close-request');
      });

      it('the active request can be sent to somebody else, who accepts, schedules and completes', async () => {
        const request = await read<ServiceRequest>(clinic, active);
        expect(request.status).toBe('active');
        const task = await clinic.create<Task>({
          resourceType: 'Task',
          status: 'requested',
          intent: 'order',
          code: fulfill,
          focus: { reference: active },
          for: request.subject as NonNullable<Task['for']>,
          requester: { reference: clinic.organization },
          owner: { reference: payer.organization },
        });
        const reference = `Task/${task.id}`;
        expect(next(await read<Task>(payer, reference))).toBe('Payer: answer');
        const accepted = await move(payer, reference, { status: 'accepted' });
        expect(next(accepted)).toBe('Payer: schedule');
        await move(payer, reference, { status: 'in-progress', businessStatus: bser('5.1.1') });
        const procedure = await payer.create(procedureFor(await read<ServiceRequest>(payer, active)));
        await move(payer, reference, {
          status: 'completed',
          output: [output('resulting-activity', `Procedure/${procedure.id}`)],
        });
        await read(clinic, `Procedure/${procedure.id}`);
        const closed = await clinic.update({ ...request, status: 'completed' });
        expect(closed.status, closed.text).toBe(200);
        expect(await openOnes(clinic)).toEqual([]);
        for (const one of [order, reference])
          expect(nextStepOf(await read<Task>(clinic, one))).toBeUndefined();
      });
    });
  },
);
