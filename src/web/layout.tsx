import type { Child, PropsWithChildren } from 'hono/jsx';
import { type AssetName, asset } from './assets.ts';

interface LayoutProps {
  title: string;
  /** Beside the name of the hub: where else one can go, and who is signed in. */
  who?: Child;
  /** Stylesheets beside the one of all pages. */
  styles?: readonly AssetName[];
  /** Where the page hears of changes while it is open. */
  live?: string | undefined;
}

/**
 * htmx adds no style of its own and evaluates nothing: the policy of pages allows neither. What somebody has unfolded
 * stays so when the part around it is fetched again.
 */
const htmxConfig = JSON.stringify({
  includeIndicatorCSS: false,
  history: 'reload',
  morphIgnore: ['data-htmx-powered', 'data-sent', 'open'],
});

/** The frame of every page. */
export function Layout({ title, who, styles = [], live, children }: PropsWithChildren<LayoutProps>) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={htmxConfig} />
        <title>{title}</title>
        <link rel="icon" type="image/svg+xml" href={asset('icon.svg')} />
        {(['page.css', ...styles] as const).map(name => (
          <link rel="stylesheet" href={asset(name)} />
        ))}
        {who !== undefined && <script src={asset('page.js')} defer></script>}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="top">
          <a class="brand" href="/">
            Warm Handoff
          </a>
          {who}
        </header>
        <main id="main">{children}</main>
        {live !== undefined && <div id="live" {...{ 'hx-sse:connect': live, 'hx-swap': 'none' }}></div>}
      </body>
    </html>
  );
}
