import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';

/** A page of a real browser, with what it complained about. */
export interface Opened {
  page: Page;
  /** Console errors and warnings, what was refused by a policy, requests that failed. */
  complaints: string[];
}

export interface Look {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
}

/**
 * Not the flags that the package proposes for cloud functions: those switch off the web's security and put all pages
 * into one process.
 */
const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

/** A real Chromium; where the machine lacks libraries that it needs, with those that come along in its package. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  try {
    return await playwright.launch({ executablePath, args });
  } catch (error) {
    if (!/error while loading shared libraries/.test(String(error))) throw error;
    const env = { ...process.env, LD_LIBRARY_PATH: await packagedLibraries() };
    return playwright.launch({ executablePath, args, env });
  }
}

const cacheFolder = join(import.meta.dirname, '../../node_modules/.cache/warm-handoff/chromium');

async function packagedLibraries(): Promise<string> {
  const [entry] = createRequire(import.meta.url)
    .resolve('@sparticuz/chromium')
    .split('build');
  const archive = brotliDecompressSync(await readFile(join(entry ?? '', 'bin/al2023.tar.br')));
  await mkdir(cacheFolder, { recursive: true });
  execFileSync('tar', ['-xf', '-', '-C', cacheFolder], { input: archive });
  return join(cacheFolder, 'lib');
}

/** A window of its own, with nothing in it. */
export function newContext(browser: Browser, look: Look = {}): Promise<BrowserContext> {
  const { width = 1280, height = 800, colorScheme = 'light' } = look;
  return browser.newContext({ viewport: { width, height }, colorScheme });
}

/** Opens an address in a window of its own and waits until it has loaded. */
export async function openPage(browser: Browser, url: string, look: Look = {}): Promise<Opened> {
  const context = await newContext(browser, look);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(error.message));
  page.on('requestfailed', request => complaints.push(`${request.url()} failed`));
  await page.goto(url, { waitUntil: 'load' });
  return { page, complaints };
}
