import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

type Scheme = 'light' | 'dark';

/**
 * What is wrong with the page as it is now: for people with disabilities (WCAG 2.2 AA), and on a screen 320 px wide.
 * Nothing: it is well. Looked at in one of light and dark, where everything is checked in both.
 */
export async function faultsOf(page: Page, scheme: Scheme = 'light'): Promise<string[]> {
  const before = page.viewportSize() ?? { width: 1280, height: 800 };
  const faults: string[] = [];
  for (const colorScheme of process.env.CHECK_FULL ? (['light', 'dark'] as const) : [scheme]) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    faults.push(
      ...violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes[0]?.html.slice(0, 200)}`),
    );
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 320, height: 640 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 0) faults.push(`scrolls sideways by ${over} px on a screen 320 px wide`);
  await page.setViewportSize(before);
  return faults;
}
