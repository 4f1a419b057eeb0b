import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

type Scheme = 'light' | 'dark';

/**
 * What WCAG 2.2 AA objects to on the page as it is now. axe looks at this page alone, for no page has a frame; for
 * frames it would open one more page each time.
 */
export async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .setLegacyMode()
    .analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
  );
}

/** Of a page that a link leads to, in the full check: what is wrong with it, the walk through all pages finds. */
export const faultsOfLinked = async (page: Page, scheme?: Scheme): Promise<string[]> =>
  process.env.CHECK_FULL ? faultsOf(page, scheme) : [];

/**
 * What is wrong with the page as it is now: for people with disabilities (WCAG 2.2 AA), and on a screen 320 px wide.
 * Nothing: it is well. Looked at in one of light and dark, where everything is checked in both.
 */
export async function faultsOf(page: Page, scheme: Scheme = 'light'): Promise<string[]> {
  const before = page.viewportSize() ?? { width: 1280, height: 800 };
  const faults: string[] = [];
  for (const colorScheme of process.env.CHECK_FULL ? (['light', 'dark'] as const) : [scheme]) {
    await page.emulateMedia({ colorScheme });
    faults.push(...(await violationsOf(page)).map(fault => `${colorScheme}: ${fault}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 320, height: 640 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 0) faults.push(`scrolls sideways by ${over} px on a screen 320 px wide`);
  await page.setViewportSize(before);
  return faults;
}
