import type { Locator, Page } from 'playwright-core';

/**
 * Somebody at a page without a mouse. An action is a field that is filled, something that is chosen, a button or a
 * link that is pressed; going from one to the next with Tab is none.
 */
export interface Keyboard {
  readonly actions: number;
  /**
   * How long somebody takes for what was done so far, without the time that pages need: by the keystroke-level model
   * (Card, Moran and Newell 1980), each key of a typist who is not practised and a thought before each action.
   */
  readonly seconds: number;
  /** Types into a field. */
  type(field: Locator, text: string): Promise<void>;
  /** Ticks a box, or chooses one of several with the arrow keys. */
  choose(input: Locator): Promise<void>;
  /** Presses a button or follows a link, and waits for the page that comes. */
  press(target: Locator): Promise<void>;
  /** Presses Enter where one is, and waits for the page that comes. */
  enter(): Promise<void>;
}

const farthest = 120;
const secondsAKey = 0.28;
const secondsAThought = 1.35;

export function keyboardOf(page: Page): Keyboard {
  let actions = 0;
  let keys = 0;
  const tap = (key: string): Promise<void> => {
    keys += 1;
    return page.keyboard.press(key);
  };
  const focused = (target: Locator) => target.evaluate(element => element === document.activeElement);

  async function goTo(isThere: () => Promise<boolean>): Promise<void> {
    for (let pressed = 0; pressed < farthest; pressed++) {
      if (await isThere()) return;
      await tap('Tab');
    }
    throw new Error('the Tab key does not lead there');
  }

  const going = async (key: string): Promise<void> => {
    await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), tap(key)]);
  };

  return {
    get actions() {
      return actions;
    },
    get seconds() {
      return keys * secondsAKey + actions * secondsAThought;
    },
    async type(field, text) {
      await goTo(() => focused(field));
      await page.keyboard.type(text);
      keys += text.length;
      actions += 1;
    },
    async choose(input) {
      const name = await input.getAttribute('name');
      const type = await input.getAttribute('type');
      if (type === 'checkbox') {
        await goTo(() => focused(input));
        await tap('Space');
      } else {
        const inGroup = page.locator(`input[type="radio"][name="${name}"]:focus`);
        await goTo(async () => (await inGroup.count()) > 0);
        if (await focused(input)) await tap('Space');
        for (let pressed = 0; pressed < farthest && !(await input.isChecked()); pressed++)
          await tap('ArrowDown');
      }
      if (!(await input.isChecked())) throw new Error('the keyboard does not choose it');
      actions += 1;
    },
    async press(target) {
      await goTo(() => focused(target));
      const isBox = (await target.evaluate(element => element.tagName)) === 'SUMMARY';
      if (isBox) await tap('Enter');
      else await going('Enter');
      actions += 1;
    },
    async enter() {
      await going('Enter');
      actions += 1;
    },
  };
}
