import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';
import { actors, every, type Facts } from './facts.ts';
import { questionsOf } from './questions.ts';
import { createWorlds, type World } from './world.ts';

const full = Boolean(process.env.CHECK_FULL);

/** A part of the worlds, and of the questions asked of each: all relationships, labels and consents are among them. */
const seed = Number(process.env.MATRIX_SEED ?? 3);
const chosen: readonly Facts[] = full ? every : every.filter((_, index) => index % 31 === seed % 31);
const oneIn = full ? 7 : 11;

eachDatabase('who may do what with what', database => {
  let hub: TestHub;
  let worlds: World[];

  beforeAll(async () => {
    hub = await startTestHub(database);
    worlds = await (await createWorlds(hub)).bring(chosen);
  }, 600_000);
  afterAll(() => hub?.stop());

  it('is as the oracle says, in every cell', { timeout: 1_800_000 }, async () => {
    const wrong: string[] = [];
    let cells = 0;
    for (const [at, world] of worlds.entries()) {
      const { relationship, label, consent } = world.facts;
      for (const actor of actors) {
        const questions = questionsOf(world, actor).filter((_, index) => (index + at + seed) % oneIn === 0);
        for (const { interaction, subject, expected, ask } of questions) {
          cells += 1;
          const answered = await ask();
          if (answered === expected) continue;
          const where = [relationship, label, consent, actor, interaction, subject].join(' | ');
          wrong.push(`${where}: expected ${expected}, answered ${answered}`);
        }
      }
    }
    process.stdout.write(`access matrix, ${database.name}: ${cells} cells of ${worlds.length} worlds\n`);
    expect(wrong).toEqual([]);
    expect(cells).toBeGreaterThan(full ? 10_000 : 500);
  });
});
