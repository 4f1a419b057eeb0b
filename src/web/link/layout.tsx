import type { PropsWithChildren } from 'hono/jsx';
import { languages, type Words } from '../../auth/links/words/words.ts';
import { asset } from '../assets.ts';

interface FrameProps {
  words: Words;
  /** What the network is called. */
  network: string;
  /** Of the page, where it is not about a referral. */
  title?: string;
}

/** The frame of a link's page: it leads nowhere, loads nothing from elsewhere, and its title says nothing. */
export function Frame({ words, network, title, children }: PropsWithChildren<FrameProps>) {
  return (
    <html lang={words.lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <title>{title ?? words.title}</title>
        <link rel="icon" type="image/svg+xml" href={asset('icon.svg')} />
        <link rel="stylesheet" href={asset('page.css')} />
        <link rel="stylesheet" href={asset('link.css')} />
      </head>
      <body>
        <header class="top letterhead">
          <span class="brand">{network}</span>
          <Languages now={words} />
        </header>
        <main class="letter">{children}</main>
      </body>
    </html>
  );
}

function Languages({ now }: { now: Words }) {
  return (
    <nav
      class="languages"
      aria-label={Object.values(languages)
        .map(one => one.called)
        .join(' / ')}
    >
      {Object.values(languages)
        .filter(({ lang }) => lang !== now.lang)
        .map(({ lang, called }) => (
          <a href={`?lang=${lang}`} lang={lang} hreflang={lang}>
            {called}
          </a>
        ))}
    </nav>
  );
}
